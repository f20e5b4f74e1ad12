import { type Page, Paged, Problems } from '@magasin/hosting';
import { Controller, Get, Header, Headers, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LINES, prefersLines } from './accept';
import { EventNotFound } from './errors';
import { EventsQuery, ParseEventKey } from './input';
import { ReadEvents } from './read-events';
import { StreamEvents } from './stream-events';
import { EventView, EventWithWay } from './views';

@Controller('events')
export class EventsController {
  constructor(
    private readonly events: ReadEvents,
    private readonly streamed: StreamEvents,
  ) {}

  @Get()
  @Header('Vary', 'Accept')
  @ApiOperation({
    summary: 'List the events in the order of the log',
    description: 'With `Accept: application/x-ndjson` all of them, a line each, and the header `Log-Head`.',
  })
  @Paged(EventView, { [LINES]: { schema: { type: 'string', example: '{"position":1,…}\n{"position":2,…}\n' } } })
  async list(
    @Query() query: EventsQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<EventView> | StreamableFile> {
    if (!prefersLines(accept)) return this.events.list(query);
    const { lines, head } = await this.streamed.open(query);
    void reply.header('Log-Head', head);
    return new StreamableFile(lines, { type: `${LINES}; charset=utf-8` });
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
