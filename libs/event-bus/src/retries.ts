import { Logger } from '@nestjs/common';
import type { EventLog } from '@magasin/event-log';
import type { Arrival, Consumer, Counts } from './event-bus';
import { Handlers, isOutage } from './handlers';
import { type DueStream, Parking } from './parking';
import type { RetryPolicy } from './retry-policy';
import { leaveTrail } from './trail';
import { warnOf } from './warn';

/** So many events of a parked stream are handled in one go: a long tail must not keep the other streams waiting. */
const TAIL_SHARE = 10;

/** Tries the parked streams of a consumer again when they are due. Several processes may do so at once. */
export class Retries {
  /** When a parked stream is due, in milliseconds since 1970. */
  nextAt?: number;

  private readonly logger: Logger;
  private readonly parking: Parking;
  private readonly handlers: Handlers;
  private readonly consumer: string;

  constructor(
    private readonly log: EventLog,
    consumer: Consumer,
    policy: RetryPolicy,
    private readonly counts: Counts,
  ) {
    this.consumer = consumer.name;
    this.logger = new Logger(consumer.name);
    this.parking = new Parking(log, consumer.name, policy);
    this.handlers = new Handlers(consumer);
  }

  /** Finds out when the next one is due: what another process or a person did is not known otherwise. */
  async look(): Promise<void> {
    this.nextAt = await this.parking.nextDue();
  }

  /**
   * Works off what is due, each stream in order until an event of it fails, and for a while at most.
   * @throws Unavailable or LogUnavailable when nothing can be done now
   */
  async run(): Promise<void> {
    if (this.nextAt === undefined || this.nextAt > Date.now()) return;
    for (const due of await this.parking.due()) {
      let next: DueStream | undefined = due;
      for (let share = TAIL_SHARE; next && share > 0; share -= 1) next = await this.tryFirst(next);
    }
    await this.look();
  }

  /** Returns the stream as it is when more of it waits and may be tried at once. */
  private async tryFirst(due: DueStream): Promise<DueStream | undefined> {
    const { consumer, log, parking } = this;
    const started_at = Date.now();
    let taken: Arrival | undefined;
    let waiting: number | undefined;
    try {
      waiting = await log.transaction(async (tx) => {
        // Of the run before, when this one is another.
        taken = undefined;
        taken = await parking.take(tx, due, started_at);
        if (!taken) return undefined;
        await this.handlers.handle(tx, taken);
        const left = await parking.release(tx, taken);
        // Its trail is in the lane that it came by.
        const { position, source, topic = '', partition = 0 } = taken;
        const span = { from_position: position, to_position: position, started_at, retried: true };
        leaveTrail(tx, { consumer, source, topic, partition, ...span });
        return left;
      }, 'consumer');
    } catch (error) {
      if (isOutage(error) || !taken) throw error;
      const failed = taken;
      const last = await log.transaction((tx) => parking.fail(tx, due, failed, error), 'consumer');
      if (last) warnOf(this.logger, failed, error, 'waits for a person');
      return undefined;
    }
    if (waiting === undefined) return undefined;
    this.counts.handled += 1;
    return waiting > 0 ? { ...due, attempts: 0, next_attempt_at: started_at } : undefined;
  }
}
