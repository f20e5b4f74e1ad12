import { ApiProperty } from '@nestjs/swagger';

const MOMENT = { format: 'date-time', example: '2026-11-23T16:00:41.491Z' } as const;
const COUNT = { type: 'integer', example: 1 } as const;
const ERROR = { example: 'InvalidEvent: UserCreated can not be recorded or read: email must be an email.' };

/** Parked streams of one consumer with one cause. */
export class ParkedGroupView {
  @ApiProperty({ example: 'coolriel' })
  consumer: string;

  @ApiProperty({ example: '0a1b2c3d4e5f6071', description: 'The same for errors that differ in their numbers only.' })
  error_key: string;

  @ApiProperty({ ...ERROR, description: 'One of their errors.' })
  error: string;

  @ApiProperty(COUNT)
  streams: number;

  @ApiProperty(COUNT)
  events: number;

  @ApiProperty(MOMENT)
  first_failed_at: string;

  @ApiProperty(MOMENT)
  last_failed_at: string;

  @ApiProperty({ ...COUNT, description: 'Those past the limit of tries: nothing happens to them by itself.' })
  wait_for_a_person: number;
}

export class ParkedStreamView {
  @ApiProperty({ example: 'coolriel' })
  consumer: string;

  @ApiProperty({ example: '5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a', description: 'The identity of the log.' })
  source: string;

  @ApiProperty({ example: 'user-6' })
  stream: string;

  @ApiProperty({ ...ERROR, description: 'What its first event failed of, last.' })
  error: string;

  @ApiProperty({ ...COUNT, description: 'How many events wait.' })
  waiting: number;

  @ApiProperty({ ...COUNT, description: 'How often the first event has failed since it was parked or retried.' })
  attempts: number;

  @ApiProperty(MOMENT)
  parked_at: string;

  @ApiProperty(MOMENT)
  failed_at: string;

  @ApiProperty({ type: String, ...MOMENT, nullable: true, description: 'Null: it waits for a person.' })
  next_attempt_at: string | null;
}

class AttemptView {
  @ApiProperty(MOMENT)
  at: string;

  @ApiProperty({ ...ERROR, description: 'With its stack.' })
  error: string;
}

class RepairView {
  @ApiProperty(MOMENT)
  at: string;

  @ApiProperty({ example: 'Jane Doe' })
  who: string;

  @ApiProperty({ example: 'The address was repaired.' })
  why: string;

  @ApiProperty({ example: 'retry-stream' })
  action: string;

  @ApiProperty({ type: 'integer', nullable: true, example: 7 })
  position: number | null;
}

export class ParkedEventView {
  @ApiProperty({ type: 'integer', example: 7 })
  position: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'How often it was edited. An edit must give it.' })
  revision: number;

  @ApiProperty({ example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' })
  id: string;

  @ApiProperty({ example: 'UserCreated' })
  type: string;

  @ApiProperty(COUNT)
  version: number;

  @ApiProperty(MOMENT)
  recorded_at: string;

  @ApiProperty({ example: '{"event":"UserCreated"', description: 'The text that the consumer is given.' })
  payload: string;

  @ApiProperty({ type: [AttemptView], description: 'The failed ones, oldest first.' })
  attempts: AttemptView[];
}

export class ParkedStreamDetail extends ParkedStreamView {
  @ApiProperty({ type: [ParkedEventView], description: 'The first 50 that wait, in order.' })
  events: ParkedEventView[];

  @ApiProperty({ type: [RepairView], description: 'What people did about these events.' })
  repairs: RepairView[];
}

export class StreamRetried {
  @ApiProperty(COUNT)
  retried: number;
}

/** What of a group was made due, and how to go on. */
export class GroupRetried {
  @ApiProperty({
    type: 'integer',
    example: 1_764_000_000_000,
    description: 'Give it back, so that only what had failed when you began is tried.',
  })
  until: number;

  @ApiProperty(COUNT)
  retried: number;

  @ApiProperty({ example: false, description: 'Whether there may be more: ask again with the same `until`.' })
  more: boolean;
}

export class EventSkipped {
  @ApiProperty({ type: 'integer', example: 7, description: 'Its position.' })
  skipped: number;
}

export class EventEdited {
  @ApiProperty({ type: 'integer', example: 7, description: 'Its position.' })
  edited: number;

  @ApiProperty(COUNT)
  revision: number;
}
