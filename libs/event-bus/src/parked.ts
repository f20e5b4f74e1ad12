import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';

/**
 * A stream that waits in a consumer's database, because an event of it failed alone. Everything else goes on.
 * Whoever appends to it, retries, edits or skips begins with an UPDATE of this row, which locks it; it goes only when
 * nothing waits any more, under that lock. So no event is orphaned, and none overtakes.
 */
@Entity('parked_stream')
export class ParkedStream {
  @PrimaryColumn('text')
  consumer: string;

  @PrimaryColumn('text')
  source: string;

  @PrimaryColumn('text')
  stream: string;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  parked_at: number;

  /** When its first event failed last. */
  @Column('integer')
  failed_at: number;

  /** How many events wait: the one that failed and those that came after it. */
  @Column('integer')
  waiting: number;

  /** How often its first event has failed. */
  @Column('integer')
  attempts: number;

  /** Null: past the limit, it waits for a person. */
  @Column('integer', { nullable: true })
  next_attempt_at: number | null;

  /** What its first event failed of, last. */
  @Column('text')
  error: string;

  /** The same for errors that differ in their numbers only, so that a hundred streams with one cause are one group. */
  @Column('text')
  error_key: string;
}

/** An event of a parked stream: the one that failed, or one that came after it. */
@Entity('parked_event')
export class ParkedEvent {
  @PrimaryColumn('text')
  consumer: string;

  @PrimaryColumn('text')
  source: string;

  @PrimaryColumn('integer')
  position: number;

  @Column('text')
  stream: string;

  /** The whole delivery, as JSON: its topic may have forgotten it by the time it is tried again. */
  @Column('text')
  delivery: string;

  /** Raised by every edit, so that two people can not edit over each other. */
  @Column('integer')
  revision: number;
}

/** Every failed try, kept also when a later one succeeds. */
@Entity('parked_attempt')
export class ParkedAttempt {
  @PrimaryColumn('text')
  consumer: string;

  @PrimaryColumn('text')
  source: string;

  @PrimaryColumn('integer')
  position: number;

  @PrimaryColumn('integer')
  attempt: number;

  @Column('integer')
  failed_at: number;

  @Column('text')
  error: string;
}

export type StreamKey = Pick<ParkedStream, 'consumer' | 'source' | 'stream'>;

/** How much waits in a consumer's parked streams. */
export async function parkedBy(
  rows: EntityManager,
  consumer: string,
): Promise<{ parked_streams: number; parked_events: number }> {
  const [parked_streams, parked_events] = await Promise.all([
    rows.countBy(ParkedStream, { consumer }),
    rows.sum(ParkedStream, 'waiting', { consumer }),
  ]);
  return { parked_streams, parked_events: parked_events ?? 0 };
}
