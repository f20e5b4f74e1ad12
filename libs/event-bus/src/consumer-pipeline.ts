import { Logger } from '@nestjs/common';
import type { EventLog } from '@magasin/event-log';
import { EventsMissing } from './errors';
import { type Arrival, type Consumer, type Counts, noCounts } from './event-bus';
import { Handlers, isOutage } from './handlers';
import { Parking } from './parking';
import { type Lane, Progress, ProgressMoved } from './progress';
import { Retries } from './retries';
import { DEFAULT_RETRIES, type RetryPolicy } from './retry-policy';
import { leaveTrail } from './trail';
import { warnOf } from './warn';

/** An event that fails alone is tried so often at once, before its stream is parked. */
const TRIES_AT_ONCE = 2;

/** True for what says nothing about the events of the unit that failed. */
const isNoFault = (error: unknown): boolean => isOutage(error) || error instanceof ProgressMoved;

/** A relay that died before it noted what it had sent sends it again: one batch of a topic may have an event twice. */
const firstOfEach = (arrivals: Arrival[]): Arrival[] => {
  const positions = new Set<number>();
  return arrivals.filter(({ position }) => !positions.has(position) && positions.add(position));
};

const byPosition = (a: Arrival, b: Arrival): number => a.position - b.position;

/**
 * What every driver delivers into: it makes one effect of each event, however often it is delivered.
 * Order per stream. The effect and the progress commit together. Nothing is dropped in silence.
 */
export class ConsumerPipeline {
  private readonly logger: Logger;
  private readonly handlers: Handlers;
  private readonly progress: Progress;
  private readonly parking: Parking;
  /** How long the last batch kept the database, without its COMMIT and without waiting for its turn. In milliseconds. */
  lastTurnMs = 0;

  constructor(
    private readonly log: EventLog,
    private readonly consumer: Consumer,
    private readonly lane: Lane,
    policy: RetryPolicy = DEFAULT_RETRIES,
    /** What this process has done. */
    readonly counts: Counts = noCounts(),
    /** Those of the consumer, when it has more lanes than this one. */
    readonly retries = new Retries(log, consumer, policy, counts),
  ) {
    this.logger = new Logger(consumer.name);
    this.handlers = new Handlers(consumer);
    this.progress = new Progress(log, { consumer: consumer.name, ...lane });
    this.parking = new Parking(log, consumer.name, policy);
  }

  /** The last position that is done with: what comes next is behind it. */
  get position(): number {
    return this.progress.position;
  }

  async open(begin: () => Promise<number>): Promise<void> {
    await this.progress.open(this.handlers.types, begin);
    await this.retries.look();
  }

  /**
   * Takes events of one lane: all of them up to the last position among them, in any order that keeps the order of each
   * stream. When it resolves, all of them are committed: handled, skipped, or parked.
   *
   * @throws Unavailable or LogUnavailable when nothing can be done now: deliver the same again later.
   * @throws EventsMissing when one of them says that something came before it that was never delivered. What came
   *   before the gap is committed.
   */
  async deliver(arrivals: Arrival[]): Promise<void> {
    let news = this.notYetTaken(firstOfEach(arrivals));
    this.counts.repeated += arrivals.length - news.length;
    while (news.length > 0) {
      const whole = this.beforeGap(news);
      try {
        await this.commitTogetherOrAlone(whole);
      } catch (error) {
        if (!(error instanceof ProgressMoved)) throw error;
        // Another process with this consumer was quicker: what it left is ours, and what it parked too if it goes away.
        await this.progress.reload();
        await this.retries.look();
      }
      news = this.notYetTaken(news);
    }
  }

  /** Tries the parked streams that are due. @throws Unavailable or LogUnavailable */
  retryDue(): Promise<void> {
    return this.retries.run();
  }

  /** Reads the progress again: another process, or a person, may have moved it. */
  reload(): Promise<void> {
    return this.progress.reload();
  }

  private notYetTaken(arrivals: Arrival[]): Arrival[] {
    return arrivals.filter(({ position }) => position > this.position);
  }

  /** @throws EventsMissing when there is nothing before the gap */
  private beforeGap(news: Arrival[]): Arrival[] {
    let reached = this.position;
    for (const { position, previous } of news.toSorted(byPosition)) {
      if (previous !== undefined && previous > reached) {
        if (reached === this.position) throw new EventsMissing(this.consumer.name, this.lane, reached, previous);
        return news.filter((arrival) => arrival.position <= reached);
      }
      reached = position;
    }
    return news;
  }

  private async commitTogetherOrAlone(arrivals: Arrival[]): Promise<void> {
    try {
      await this.commit(arrivals);
    } catch (error) {
      if (isNoFault(error)) throw error;
      // Some event of the batch is at fault. All of it was rolled back: now each in a transaction of its own.
      for (const arrival of arrivals.toSorted(byPosition)) await this.deliverAlone(arrival);
    }
  }

  private async deliverAlone(arrival: Arrival): Promise<void> {
    const errors: unknown[] = [];
    while (errors.length < TRIES_AT_ONCE) {
      try {
        return await this.commit([arrival]);
      } catch (error) {
        if (isNoFault(error)) throw error;
        errors.push(error);
      }
    }
    await this.commit([arrival], errors);
    this.counts.parked += 1;
    warnOf(this.logger, arrival, errors.at(-1), 'is parked');
    await this.retries.look();
  }

  /**
   * One transaction: progress, effects, trail. With errors the (single) event is parked instead of handled.
   * @throws ProgressMoved when one of them was taken since they were chosen
   */
  private async commit(arrivals: Arrival[], errors?: unknown[]): Promise<void> {
    const { consumer, handlers, log, lane, parking } = this;
    const started_at = Date.now();
    // As it is when these are chosen, not when the unit begins, or is run again: meanwhile the same may have been taken
    // by somebody who was given it too, as is a member of a group whose partition goes and comes back.
    const before = this.position;
    if (this.notYetTaken(arrivals).length < arrivals.length) throw new ProgressMoved();
    const to_position = Math.max(...arrivals.map(({ position }) => position));
    const { handled, skipped } = await log.transaction(async (tx) => {
      const began = performance.now();
      const done = { handled: 0, skipped: 0 };
      const from_position = before + 1;
      const any = await this.progress.move(tx, before, to_position);
      // Not otherwise: a statement with some hundred parameters would cost more than the batch.
      const streams = any.parked ? [...new Set(arrivals.map(({ stream }) => stream))] : [];
      const parked = any.parked ? await parking.parkedAmong(tx, lane.source, streams) : new Set<string>();
      for (const arrival of arrivals) {
        if (!handlers.wants(arrival.type)) done.skipped += 1;
        else if (parked.has(arrival.stream) && (await parking.append(tx, arrival))) continue;
        else if (errors) await parking.park(tx, arrival, errors);
        else {
          await handlers.handle(tx, arrival);
          done.handled += 1;
        }
      }
      const span = { from_position, to_position, started_at, retried: false };
      leaveTrail(tx, { consumer: consumer.name, ...lane, ...span });
      this.lastTurnMs = performance.now() - began;
      return done;
    }, 'consumer');
    this.counts.handled += handled;
    this.counts.skipped += skipped;
  }
}
