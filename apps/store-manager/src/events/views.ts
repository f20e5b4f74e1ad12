import type { Step } from '@magasin/event-bus';
import { type EventLine, type RecordedEvent, traceOf } from '@magasin/event-log';
import { ApiProperty } from '@nestjs/swagger';

/** An event as one of a page, or alone. */
export class EventView implements Omit<EventLine, 'data'> {
  @ApiProperty({ type: 'integer', example: 1 })
  position: number;

  @ApiProperty({ format: 'uuid', example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' })
  id: string;

  @ApiProperty({ description: 'The identity of the log.', example: '5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a' })
  source: string;

  @ApiProperty({ example: 'UserCreated' })
  type: string;

  @ApiProperty({ example: 'user-6' })
  stream: string;

  @ApiProperty({ type: 'integer', example: 1 })
  version: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T16:00:41.491Z' })
  recorded_at: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The version of its schema, its topic, and the trace of the request that recorded it.',
    example: {
      schema_version: 1,
      topic: 'user-events',
      correlation_id: '8e03978e-40d5-43dd-bc93-6894a57f9324',
    },
  })
  metadata: Record<string, unknown>;

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

/** An event with every consumer that it reached, and how it went there. */
export class EventWithWay extends EventView {
  @ApiProperty({ required: false, description: 'Of the request that recorded it.', example: '8e03978e' })
  correlation_id?: string;

  @ApiProperty({ required: false, example: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })
  traceparent?: string;

  @ApiProperty({ type: [EventStep] })
  way: Step[];
}

/** An event looks the same in a page, alone and as a line. */
export const toView = (source: string, event: RecordedEvent): EventView => ({
  position: event.position,
  id: event.id,
  source,
  type: event.type,
  stream: event.stream,
  version: event.version,
  recorded_at: new Date(event.occurredAt).toISOString(),
  metadata: JSON.parse(event.metadata) as Record<string, unknown>,
  data: readable(event.payload),
});

/** What is no JSON is shown as the text that it is: people look here when something is wrong with an event. */
function readable(payload: string): unknown {
  try {
    return JSON.parse(payload) as unknown;
  } catch {
    return payload;
  }
}

export const withWay = (source: string, event: RecordedEvent, way: Step[]): EventWithWay => ({
  ...toView(source, event),
  ...traceOf(event.metadata),
  way,
});
