import { type Step, wayOf } from '@magasin/event-bus';
import { EventLog, type RecordedEvent } from '@magasin/event-log';
import { InvalidInput } from '@magasin/hosting';
import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { EventsQuery } from './input';

export class EventView {
  @ApiProperty({ type: 'integer', example: 1 })
  position: number;

  @ApiProperty({ format: 'uuid', example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' })
  id: string;

  @ApiProperty({ example: 'UserCreated' })
  type: string;

  @ApiProperty({ example: 'user-6' })
  stream: string;

  @ApiProperty({ type: 'integer', example: 1 })
  version: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T16:00:41.491Z' })
  recorded_at: string;

  @ApiProperty({
    oneOf: [{ type: 'object', additionalProperties: true }, { type: 'string' }],
    description: 'The JSON that consumers read; its text where it is none.',
    example: {
      event: 'UserCreated',
      id: 6,
      name: 'Grace Hopper',
      email: 'grace@example.com',
      user_type_id: 1,
      datetime: '2026-11-23 16:00:41.491437',
    },
  })
  data: unknown;
}

class EventStep implements Step {
  @ApiProperty({ example: 'coolriel' })
  consumer: string;

  @ApiProperty({ enum: ['handled', 'skipped', 'parked', 'waiting'], example: 'handled' })
  state: Step['state'];

  @ApiProperty({ required: false, format: 'date-time', example: '2026-11-23T16:00:41.493Z' })
  started_at?: string;

  @ApiProperty({ required: false, format: 'date-time', example: '2026-11-23T16:00:41.495Z' })
  committed_at?: string;

  @ApiProperty({ required: false, type: 'integer', description: 'Since the recording.', example: 4 })
  latency_ms?: number;

  @ApiProperty({
    type: 'array',
    items: {
      type: 'object',
      required: ['at', 'error'],
      properties: { at: { type: 'string', format: 'date-time' }, error: { type: 'string' } },
    },
    description: 'What went wrong on the way, oldest first.',
    example: [],
  })
  attempts: Step['attempts'];

  @ApiProperty({
    type: 'array',
    items: {
      type: 'object',
      required: ['at', 'who', 'why', 'action'],
      properties: {
        at: { type: 'string', format: 'date-time' },
        who: { type: 'string' },
        why: { type: 'string' },
        action: { type: 'string' },
      },
    },
    description: 'What people did about it, oldest first.',
    example: [],
  })
  repairs: Step['repairs'];
}

const STREAM_ALONE = {
  detail: 'stream goes with limit and cursor only, from its first version on',
  pointer: '#/stream',
};

/** An event with every consumer that it reached, and how it went there. */
export class EventWithWay extends EventView {
  @ApiProperty({ description: 'The identity of the log.', example: '5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a' })
  source: string;

  @ApiProperty({ type: [EventStep] })
  way: Step[];
}

@Injectable()
export class ReadEvents {
  constructor(private readonly log: EventLog) {}

  async list({ limit, place, order, type, stream, from }: EventsQuery): Promise<{ items: EventView[]; next?: number }> {
    const { history } = this.log;
    if (stream !== undefined) {
      if (type !== undefined || from !== undefined || order === 'desc') throw new InvalidInput([STREAM_ALONE]);
      const events = await history.stream(stream, place ?? 0, limit);
      return { items: events.map(toView), next: events.length === limit ? events[limit - 1].version : undefined };
    }
    const after = place ?? (from === undefined ? undefined : await this.startAt(from, order));
    const { events, next } = await history.page({ after, limit, newestFirst: order === 'desc', type });
    return { items: events.map(toView), next };
  }

  async read(key: number | string): Promise<EventWithWay | undefined> {
    const { history, identity: source } = this.log;
    const event = typeof key === 'number' ? await history.at(key) : await history.byId(key);
    return event && { ...toView(event), source, way: await wayOf(this.log, { ...event, source }) };
  }

  private async startAt(from: string, order: 'asc' | 'desc'): Promise<number> {
    const position = await this.log.history.positionAt(Date.parse(from));
    return order === 'asc' ? position - 1 : position;
  }
}

const toView = ({ position, id, type, stream, version, occurredAt, payload }: RecordedEvent): EventView => ({
  position,
  id,
  type,
  stream,
  version,
  recorded_at: new Date(occurredAt).toISOString(),
  data: readable(payload),
});

/** What is no JSON is shown as the text that it is: people look here when something is wrong with an event. */
function readable(payload: string): unknown {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return payload;
  }
}
