import type { EventLog, UnitOfWork } from '@magasin/event-log';
import { In, IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import type { Arrival } from './event-bus';
import { failureOf } from './failure';
import { ParkedAttempt, ParkedEvent, ParkedStream, type StreamKey } from './parked';
import { nextAttempt, type RetryPolicy } from './retry-policy';

/** A stream that is due, as it was when it was found so: whoever has tried it meanwhile has changed it. */
export type DueStream = Pick<ParkedStream, 'consumer' | 'source' | 'stream' | 'attempts' | 'next_attempt_at'>;

/** Retry and dead letter in one: the parked streams of one consumer. All writes are part of a unit of its pipeline. */
export class Parking {
  constructor(
    private readonly log: EventLog,
    private readonly consumer: string,
    private readonly policy: RetryPolicy,
  ) {}

  /** Those of the streams that are parked: their events must queue up behind. */
  async parkedAmong(tx: UnitOfWork, source: string, streams: string[]): Promise<Set<string>> {
    const found = await tx.rows.find(ParkedStream, {
      select: { stream: true },
      where: { consumer: this.consumer, source, stream: In(streams) },
    });
    return new Set(found.map(({ stream }) => stream));
  }

  /** Parks the stream of an event that failed alone, with its first attempts. */
  async park(tx: UnitOfWork, arrival: Arrival, errors: unknown[]): Promise<void> {
    const { consumer } = this;
    const { source, stream } = arrival;
    const { error, error_key } = failureOf(errors.at(-1));
    const now = Date.now();
    await tx.rows.insert(ParkedStream, {
      consumer,
      source,
      stream,
      parked_at: now,
      failed_at: now,
      waiting: 1,
      attempts: errors.length,
      next_attempt_at: nextAttempt(this.policy, errors.length),
      error,
      error_key,
    });
    await this.keep(tx, arrival);
    for (const failure of errors) await this.noteFailure(tx, arrival, failure);
  }

  /** Queues an event behind those of its stream. False when the stream has been freed meanwhile: then it is to be handled. */
  async append(tx: UnitOfWork, arrival: Arrival): Promise<boolean> {
    const { source, stream } = arrival;
    const key = { consumer: this.consumer, source, stream };
    const { affected } = await tx.rows.increment(ParkedStream, key, 'waiting', 1);
    if (affected === 0) return false;
    await this.keep(tx, arrival);
    return true;
  }

  /**
   * Takes the first event of a due stream for a try. Undefined when somebody else has been there first.
   * @param next_attempt_at when the next event of the tail is due, should this one go well
   */
  async take(
    tx: UnitOfWork,
    { consumer, source, stream, ...seen }: DueStream,
    next_attempt_at: number,
  ): Promise<Arrival | undefined> {
    const key = { consumer, source, stream };
    // The lock.
    const { affected } = await tx.rows.update(ParkedStream, { ...key, ...whileIs(seen) }, { next_attempt_at });
    if (affected === 0) return undefined;
    return JSON.parse((await firstOf(tx, key)).delivery) as Arrival;
  }

  /** Takes the first event out after its effect, in the unit of take(). Returns how many still wait. */
  release(tx: UnitOfWork, { source, stream, position }: Arrival): Promise<number> {
    return removeFirst(tx, { consumer: this.consumer, source, stream }, position);
  }

  /**
   * Notes that the first event has failed once more, unless the stream is not as it was when it was tried. Returns true
   * when that was the last try: from now on it waits for a person.
   */
  async fail(
    tx: UnitOfWork,
    { consumer, source, stream, ...seen }: DueStream,
    arrival: Arrival,
    error: unknown,
  ): Promise<boolean> {
    const attempts = seen.attempts + 1;
    const { error: line, error_key } = failureOf(error);
    const { affected } = await tx.rows.update(
      ParkedStream,
      { consumer, source, stream, ...whileIs(seen) },
      {
        attempts,
        failed_at: Date.now(),
        next_attempt_at: nextAttempt(this.policy, attempts),
        error: line,
        error_key,
      },
    );
    if (affected === 1) await this.noteFailure(tx, arrival, error);
    return affected === 1 && attempts === this.policy.limit;
  }

  /** Streams whose time has come. */
  due(): Promise<DueStream[]> {
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

  private async keep(tx: UnitOfWork, arrival: Arrival): Promise<void> {
    const { source, position, stream } = arrival;
    const { consumer } = this;
    const delivery = JSON.stringify(arrival);
    await tx.rows.insert(ParkedEvent, { consumer, source, position, stream, delivery, revision: 0 });
  }

  private async noteFailure(tx: UnitOfWork, { source, position }: Arrival, error: unknown): Promise<void> {
    const key = { consumer: this.consumer, source, position };
    // Numbered through, also when the stream was freed and parked again by a replay.
    const attempt = 1 + (await tx.rows.countBy(ParkedAttempt, key));
    await tx.rows.insert(ParkedAttempt, { ...key, attempt, failed_at: Date.now(), error: failureOf(error).text });
  }
}

const whileIs = ({ attempts, next_attempt_at }: Pick<DueStream, 'attempts' | 'next_attempt_at'>) => ({
  attempts,
  next_attempt_at: next_attempt_at === null ? IsNull() : next_attempt_at,
});

/** Under the lock of the stream's row. */
export const firstOf = (tx: UnitOfWork, key: StreamKey): Promise<ParkedEvent> =>
  tx.rows.findOneOrFail(ParkedEvent, { where: key, order: { position: 'ASC' } });

/** Under the lock of the stream's row. The stream is free when nothing waits there any more. Returns how many still wait. */
export async function removeFirst(tx: UnitOfWork, key: StreamKey, position: number): Promise<number> {
  const { consumer, source } = key;
  await tx.rows.delete(ParkedEvent, { consumer, source, position });
  await tx.rows.update(ParkedStream, { ...key, waiting: MoreThan(0) }, { attempts: 0, waiting: () => 'waiting - 1' });
  await tx.rows.delete(ParkedStream, { ...key, waiting: 0 });
  const left = await tx.rows.findOneBy(ParkedStream, key);
  return left?.waiting ?? 0;
}
