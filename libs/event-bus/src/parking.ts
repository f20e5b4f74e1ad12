import type { EventLog, UnitOfWork } from '@magasin/event-log';
import { Column, Entity, In, IsNull, LessThanOrEqual, Not, PrimaryColumn } from 'typeorm';
import type { Delivery } from './event-bus';

/** A stream that waits in a consumer's database, because an event of it failed alone. Everything else goes on. */
@Entity('parked_stream')
export class ParkedStream {
  @PrimaryColumn('text')
  consumer: string;

  @PrimaryColumn('text')
  source: string;

  @PrimaryColumn('text')
  stream: string;

  @Column('integer')
  parked_at: number;

  /** How often its first event has failed. */
  @Column('integer')
  attempts: number;

  /** Null: past the limit, it waits for a person. */
  @Column('integer', { nullable: true })
  next_attempt_at: number | null;
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

/** When a parked stream is tried again. The delay doubles with each try, up to the longest, half of it at random. */
export interface RetryPolicy {
  firstDelayMs: number;
  longestDelayMs: number;
  /** So many tries, then it waits for a person. */
  limit: number;
}

export const DEFAULT_RETRIES: RetryPolicy = { firstDelayMs: 1_000, longestDelayMs: 600_000, limit: 12 };

/** Retry and dead letter in one: the parked streams of one consumer. All writes are part of a unit of its pipeline. */
export class Parking {
  constructor(
    private readonly log: EventLog,
    private readonly consumer: string,
    private readonly policy: RetryPolicy,
  ) {}

  /** Those of the streams that are parked: their events must queue up behind. */
  async parkedAmong(tx: UnitOfWork, source: string, streams: string[]): Promise<Set<string>> {
    const mine = { consumer: this.consumer, source };
    // Almost always none is, and a statement with some hundred parameters would cost more than the batch.
    if (!(await tx.rows.existsBy(ParkedStream, mine))) return new Set();
    const found = await tx.rows.find(ParkedStream, {
      select: { stream: true },
      where: { ...mine, stream: In(streams) },
    });
    return new Set(found.map(({ stream }) => stream));
  }

  /** Parks the stream of an event that failed alone, with its first attempts. */
  async park(tx: UnitOfWork, delivery: Delivery, errors: unknown[]): Promise<void> {
    const { source, stream } = delivery;
    const now = Date.now();
    await tx.rows.insert(ParkedStream, {
      consumer: this.consumer,
      source,
      stream,
      parked_at: now,
      attempts: errors.length,
      next_attempt_at: this.nextAttempt(errors.length),
    });
    await this.append(tx, delivery);
    for (const [index, error] of errors.entries()) await this.noteFailure(tx, delivery, index + 1, error);
  }

  async append(tx: UnitOfWork, delivery: Delivery): Promise<void> {
    const { source, position, stream } = delivery;
    const { consumer } = this;
    await tx.rows.insert(ParkedEvent, { consumer, source, position, stream, delivery: JSON.stringify(delivery) });
  }

  /** The first event of a parked stream, undefined when nothing waits there any more. */
  async first(tx: UnitOfWork, { source, stream }: StreamKey): Promise<Delivery | undefined> {
    const event = await tx.rows.findOne(ParkedEvent, {
      where: { consumer: this.consumer, source, stream },
      order: { position: 'ASC' },
    });
    return event ? (JSON.parse(event.delivery) as Delivery) : undefined;
  }

  /** Takes the first event out after its effect. The stream is free when its tail is empty, in the same unit. */
  async release(tx: UnitOfWork, { source, stream, position }: Delivery): Promise<void> {
    const key = { consumer: this.consumer, source, stream };
    await tx.rows.delete(ParkedEvent, { consumer: this.consumer, source, position });
    if (await tx.rows.existsBy(ParkedEvent, key)) {
      await tx.rows.update(ParkedStream, key, { attempts: 0, next_attempt_at: Date.now() });
    } else {
      await tx.rows.delete(ParkedStream, key);
    }
  }

  /** Notes that the first event has failed once more, and sets the next time. */
  async fail(tx: UnitOfWork, delivery: Delivery, error: unknown): Promise<void> {
    const { source, stream, position } = delivery;
    const key = { consumer: this.consumer, source, stream };
    const parked = await tx.rows.findOneBy(ParkedStream, key);
    // Another process may have handled it since: then this try was nobody's failure.
    const waits = await tx.rows.existsBy(ParkedEvent, { consumer: this.consumer, source, position });
    if (!parked || !waits) return;
    const attempts = parked.attempts + 1;
    const tries = await tx.rows.countBy(ParkedAttempt, { consumer: this.consumer, source, position });
    await tx.rows.update(ParkedStream, key, { attempts, next_attempt_at: this.nextAttempt(attempts) });
    await this.noteFailure(tx, delivery, tries + 1, error);
  }

  /** Streams whose time has come. */
  due(): Promise<StreamKey[]> {
    return this.log.reading.manager.find(ParkedStream, {
      where: { consumer: this.consumer, next_attempt_at: LessThanOrEqual(Date.now()) },
      order: { next_attempt_at: 'ASC' },
      take: 20,
    });
  }

  /** When the next stream is due, in milliseconds since 1970; undefined when none is. */
  async nextDue(): Promise<number | undefined> {
    const next = await this.log.reading.manager.findOne(ParkedStream, {
      where: { consumer: this.consumer, next_attempt_at: Not(IsNull()) },
      order: { next_attempt_at: 'ASC' },
    });
    return next?.next_attempt_at ?? undefined;
  }

  private async noteFailure(tx: UnitOfWork, delivery: Delivery, attempt: number, error: unknown): Promise<void> {
    const { source, position } = delivery;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const { consumer } = this;
    const failed_at = Date.now();
    await tx.rows.insert(ParkedAttempt, {
      consumer,
      source,
      position,
      attempt,
      failed_at,
      error: text.slice(0, 4_000),
    });
  }

  private nextAttempt(attempts: number): number | null {
    const { firstDelayMs, longestDelayMs, limit } = this.policy;
    if (attempts >= limit) return null;
    const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, attempts - 2));
    return Date.now() + Math.round(delay * (0.5 + Math.random() / 2));
  }
}

export type StreamKey = Pick<ParkedStream, 'source' | 'stream'>;
