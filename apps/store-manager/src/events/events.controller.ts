import { NextLink, type Page, toPage } from '@magasin/hosting';
import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { EventNotFound } from './errors';
import { EventsQuery, ParseEventKey } from './input';
import { type EventView, type EventWithWay, ReadEvents } from './read-events';

@Controller('events')
export class EventsController {
  constructor(private readonly events: ReadEvents) {}

  @Get()
  @UseInterceptors(NextLink)
  async list(@Query() query: EventsQuery): Promise<Page<EventView>> {
    const { items, next } = await this.events.list(query);
    return toPage(items, next);
  }

  /** By position or by UUID, with the way that the event took. */
  @Get(':id')
  async read(@Param('id', ParseEventKey) key: number | string): Promise<EventWithWay> {
    const event = await this.events.read(key);
    if (!event) throw new EventNotFound(key);
    return event;
  }
}
