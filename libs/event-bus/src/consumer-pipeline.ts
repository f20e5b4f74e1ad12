import type { DomainEvent } from '@magasin/contracts';
import { checkSchema, type EventLog, InvalidEvent, LogUnavailable, type UnitOfWork } from '@magasin/event-log';
import { type Consumer, type Counts, type Delivery, type Handler, Unavailable } from './event-bus';
import { DEFAULT_RETRIES, Parking, type RetryPolicy, type StreamKey } from './parking';
import { type Lane, Progress, ProgressMoved } from './progress';
import { leaveTrail } from './trail';

/** An event that fails alone is tried so often at once, before its stream is parked. */
const TRIES_AT_ONCE = 2;

/** So many events of a parked stream are handled in one go: a long tail must not keep the other streams waiting. */
const TAIL_SHARE = 10;

/** True for what is no event's fault: the consumer pauses, and nothing is parked. */
export const isOutage = (error: unknown): boolean => error instanceof Unavailable || error instanceof LogUnavailable;

/** True for what says nothing about the events of the unit that failed. */
const isNoFault = (error: unknown): boolean => isOutage(error) || error instanceof ProgressMoved;

/**
 * What every driver delivers into: it makes one effect of each event, however often it is delivered.
 * Order per stream. The effect and the progress commit together. Nothing is dropped in silence.
 */
export class ConsumerPipeline {
  /** What this process has done since it started. */
  readonly counts: Counts = { handled: 0, skipped: 0, repeated: 0, parked: 0 };
  private readonly handlers: Map<string, Handler>;
  private readonly progress: Progress;
  private readonly parking: Parking;
  /** When a parked stream is due, in milliseconds since 1970. */
  nextRetryAt?: number;
  /** How long the last batch kept the database, without its COMMIT and without waiting for its turn. In milliseconds. */
  lastTurnMs = 0;

  constructor(
    private readonly log: EventLog,
    private readonly consumer: Consumer,
    private readonly lane: Lane,
    retries: RetryPolicy = DEFAULT_RETRIES,
  ) {
    this.handlers = new Map(consumer.handlers.map((handler) => [handler.event.name, handler]));
    this.progress = new Progress(log, { consumer: consumer.name, ...lane });
    this.parking = new Parking(log, consumer.name, retries);
  }

  /** The last position that is done with: what comes next is behind it. */
  get position(): number {
    return this.progress.position;
  }

  async open(begin: () => Promise<number>): Promise<void> {
    await this.progress.open([...this.handlers.keys()], begin);
    this.nextRetryAt = await this.parking.nextDue();
  }

  /**
   * Takes events in the order of the lane. When it resolves, all of them are committed: handled, skipped, or parked.
   * @throws Unavailable or LogUnavailable when nothing can be done now: deliver the same again later.
   */
  async deliver(deliveries: Delivery[]): Promise<void> {
    let news = this.notYetTaken(deliveries);
    this.counts.repeated += deliveries.length - news.length;
    while (news.length > 0) {
      try {
        await this.commitTogetherOrAlone(news);
      } catch (error) {
        if (!(error instanceof ProgressMoved)) throw error;
        // Another process with this consumer was quicker: what it left is ours, and what it parked too if it goes away.
        await this.progress.reload();
        this.nextRetryAt = await this.parking.nextDue();
      }
      news = this.notYetTaken(news);
    }
  }

  /** Tries the parked streams that are due, each in order until an event of it fails, and for a while at most. */
  async retryDue(): Promise<void> {
    if (this.nextRetryAt === undefined || this.nextRetryAt > Date.now()) return;
    for (const key of await this.parking.due()) {
      let share = TAIL_SHARE;
      while (share > 0 && (await this.retryFirst(key))) share -= 1;
    }
    this.nextRetryAt = await this.parking.nextDue();
  }

  private notYetTaken(deliveries: Delivery[]): Delivery[] {
    return deliveries.filter(({ position }) => position > this.position);
  }

  private async commitTogetherOrAlone(deliveries: Delivery[]): Promise<void> {
    try {
      await this.commit(deliveries);
    } catch (error) {
      if (isNoFault(error)) throw error;
      // Some event of the batch is at fault. All of it was rolled back: now each in a transaction of its own.
      for (const delivery of deliveries) await this.deliverAlone(delivery);
    }
  }

  private async deliverAlone(delivery: Delivery): Promise<void> {
    const errors: unknown[] = [];
    while (errors.length < TRIES_AT_ONCE) {
      try {
        return await this.commit([delivery]);
      } catch (error) {
        if (isNoFault(error)) throw error;
        errors.push(error);
      }
    }
    await this.commit([delivery], errors);
    this.counts.parked += 1;
    this.nextRetryAt = await this.parking.nextDue();
  }

  /** One transaction: progress, effects, trail. With errors the (single) event is parked instead of handled. */
  private async commit(deliveries: Delivery[], errors?: unknown[]): Promise<void> {
    const { consumer, log, lane, parking } = this;
    const started_at = Date.now();
    const to_position = deliveries[deliveries.length - 1].position;
    let handled = 0;
    let skipped = 0;
    await log.transaction(async (tx) => {
      const began = performance.now();
      const from_position = this.position + 1;
      await this.progress.move(tx, to_position);
      const streams = [...new Set(deliveries.map(({ stream }) => stream))];
      const parked = await parking.parkedAmong(tx, lane.source, streams);
      for (const delivery of deliveries) {
        const wanted = this.handlers.has(delivery.type);
        if (!wanted) skipped += 1;
        else if (parked.has(delivery.stream)) await parking.append(tx, delivery);
        else if (errors) await parking.park(tx, delivery, errors);
        else {
          await this.handle(tx, delivery);
          handled += 1;
        }
      }
      await leaveTrail(tx, {
        consumer: consumer.name,
        ...lane,
        from_position,
        to_position,
        started_at,
        retried: false,
      });
      this.lastTurnMs = performance.now() - began;
    }, 'consumer');
    this.counts.handled += handled;
    this.counts.skipped += skipped;
  }

  /** Returns true when the stream has gone one event further and more may wait. */
  private async retryFirst(key: StreamKey): Promise<boolean> {
    const { consumer, lane, log, parking } = this;
    let delivery: Delivery | undefined;
    try {
      await log.transaction(async (tx) => {
        const started_at = Date.now();
        delivery = await parking.first(tx, key);
        if (!delivery) return;
        await this.handle(tx, delivery);
        await parking.release(tx, delivery);
        const { position } = delivery;
        const span = { from_position: position, to_position: position, started_at, retried: true };
        await leaveTrail(tx, { consumer: consumer.name, ...lane, ...span });
      }, 'consumer');
      if (delivery) this.counts.handled += 1;
      return delivery !== undefined;
    } catch (error) {
      if (isOutage(error) || !delivery) throw error;
      const failed = delivery;
      await log.transaction((tx) => parking.fail(tx, failed, error), 'consumer');
      return false;
    }
  }

  private async handle(tx: UnitOfWork, delivery: Delivery): Promise<void> {
    const handler = this.handlers.get(delivery.type)!;
    const event = readEvent(new handler.event(), delivery);
    checkSchema(delivery.type, event);
    await handler.handle(event, tx, delivery);
  }
}

/** Tolerant: fields that the class does not know stay, and disturb nobody. */
function readEvent(event: DomainEvent, { type, payload }: Delivery): DomainEvent {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch (error) {
    throw new InvalidEvent(type, [(error as Error).message]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidEvent(type, ['its value is not a JSON object']);
  }
  return Object.assign(event, value);
}
