import { NextLink, type Page } from '@magasin/hosting';
import type { EventLine } from '@magasin/event-log';
import { Controller, Get, Header, Headers, Param, Query, Res, StreamableFile, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LINES, prefersLines } from './accept';
import { EventNotFound } from './errors';
import { EventsQuery, ParseEventKey } from './input';
import { type EventWithWay, ReadEvents } from './read-events';
import { StreamEvents } from './stream-events';

@Controller('events')
export class EventsController {
  constructor(
    private readonly events: ReadEvents,
    private readonly streamed: StreamEvents,
  ) {}

  /** A page, or with `Accept: application/x-ndjson` all of them, a line each. */
  @Get()
  @Header('Vary', 'Accept')
  @UseInterceptors(NextLink)
  async list(
    @Query() query: EventsQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<EventLine> | StreamableFile> {
    if (!prefersLines(accept)) return this.events.list(query);
    const { lines, head } = await this.streamed.open(query);
    void reply.header('Log-Head', head);
    return new StreamableFile(lines, { type: `${LINES}; charset=utf-8` });
  }

  /** By position or by UUID, with the way that the event took. */
  @Get(':id')
  async read(@Param('id', ParseEventKey) key: number | string): Promise<EventWithWay> {
    const event = await this.events.read(key);
    if (!event) throw new EventNotFound(key);
    return event;
  }
}
