import type { ConsumerInstance, ConsumerStatus } from '@magasin/event-bus';
import { ApiProperty } from '@nestjs/swagger';

const MOMENT = { format: 'date-time', example: '2026-11-23T16:00:41.491Z' } as const;
const COUNT = { type: 'integer', example: 0 } as const;
const POSITION = { type: 'integer', example: 12 } as const;

export class ConsumerView implements Omit<ConsumerStatus, 'heartbeat_at'> {
  @ApiProperty({ example: 'coolriel', description: 'A consumer, or an instance of one.' })
  consumer: string;

  @ApiProperty({ enum: ['running', 'paused', 'stopped'], example: 'running' })
  state: ConsumerStatus['state'];

  @ApiProperty({ required: false, example: 'the mail server is away', description: 'Why it is paused or stopped.' })
  error?: string;

  @ApiProperty({ ...MOMENT, description: 'When its loop last showed that it lives.' })
  heartbeat_at: string;

  @ApiProperty({ ...POSITION, description: 'The last position that it is done with.' })
  position: number;

  @ApiProperty({ ...POSITION, description: 'The last position of the log.' })
  head: number;

  @ApiProperty({ type: 'number', example: 0, description: 'How long the first event that it has not taken waits.' })
  lag_seconds: number;

  @ApiProperty(COUNT)
  parked_streams: number;

  @ApiProperty(COUNT)
  parked_events: number;
}

export class InstanceView implements Omit<ConsumerInstance, 'types' | 'created_at' | 'ended_at'> {
  @ApiProperty({ example: 'coolriel@replay-1' })
  instance: string;

  @ApiProperty({ example: 'coolriel' })
  consumer: string;

  @ApiProperty({ enum: ['rebuild', 'replay'], example: 'replay' })
  purpose: ConsumerInstance['purpose'];

  @ApiProperty({ enum: ['running', 'active', 'replaced', 'discarded', 'done'], example: 'done' })
  state: ConsumerInstance['state'];

  @ApiProperty({ type: 'integer', example: 1 })
  from_position: number;

  @ApiProperty({ ...POSITION, nullable: true, description: 'Null: it follows the log.' })
  to_position: number | null;

  @ApiProperty({ type: [String], nullable: true, example: ['UserCreated'] })
  types: string[] | null;

  @ApiProperty(MOMENT)
  created_at: string;

  @ApiProperty({ type: String, ...MOMENT, nullable: true })
  ended_at: string | null;
}

class WouldMake {
  @ApiProperty(POSITION)
  position: number;

  @ApiProperty({ example: 'UserCreated' })
  type: string;

  @ApiProperty({ example: 'user-6' })
  stream: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'In the words of the consumer; for an e-mail, what goes to whom.',
    example: { template: 'welcome', recipient: 'grace@example.com' },
  })
  effect: unknown;
}

/** What a replay would do. */
export class Rehearsal {
  @ApiProperty({ example: 'coolriel' })
  consumer: string;

  @ApiProperty({ type: 'integer', example: 1 })
  from: number;

  @ApiProperty({ ...POSITION, description: 'The last one asked for, or the last one of the log.' })
  to: number;

  @ApiProperty({ type: [String], example: ['UserCreated'] })
  types: string[];

  @ApiProperty({ ...COUNT, description: 'How many events of the range the consumer handles.' })
  events: number;

  @ApiProperty({ ...COUNT, description: 'How many of them can not be read: they would be parked.' })
  unreadable: number;

  @ApiProperty({ ...COUNT, description: 'How many effects would be made.' })
  effects: number;

  @ApiProperty({ type: [WouldMake], description: 'The first 500 of them.' })
  would_make: WouldMake[];

  @ApiProperty({ example: '0123456789abcdef0123456789abcdef', description: 'The real run needs it.' })
  token: string;
}

export class InstanceOrdered {
  @ApiProperty({ example: 'coolriel@replay-1' })
  instance: string;
}
