import { type Page, Paged, Problems, toPage } from '@magasin/hosting';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { EventNotFound } from './errors';
import { EventsQuery, ParseEventKey } from './input';
import { EventView, EventWithWay, ReadEvents } from './read-events';

@Controller('events')
export class EventsController {
  constructor(private readonly events: ReadEvents) {}

  @Get()
  @ApiOperation({ summary: 'List the events, in the order of the log or of one stream' })
  @Paged(EventView)
  async list(@Query() query: EventsQuery): Promise<Page<EventView>> {
    const { items, next } = await this.events.list(query);
    return toPage(items, next);
  }

  /** By position or by UUID, with the way that the event took. */
  @Get(':id')
  @ApiOperation({ summary: 'Read an event and the way that it took' })
  @ApiParam({ name: 'id', type: String, description: 'A position, or a UUID.', example: '1' })
  @ApiOkResponse({ type: EventWithWay })
  @Problems(new EventNotFound(7))
  async read(@Param('id', ParseEventKey) key: number | string): Promise<EventWithWay> {
    const event = await this.events.read(key);
    if (!event) throw new EventNotFound(key);
    return event;
  }
}
