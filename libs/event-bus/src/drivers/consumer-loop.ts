import { Logger } from '@nestjs/common';
import type { EventLog, RecordedEvent } from '@magasin/event-log';
import { ConsumerPipeline } from '../consumer-pipeline';
import { EventsMissing, InstanceReplaced } from '../errors';
import type { Consumer, ConsumerStatus, Counts } from '../event-bus';
import { isOutage } from '../handlers';
import type { ConsumerInstance } from '../instance';
import { inLanes } from '../lanes';
import { parkedBy } from '../parked';
import type { RetryPolicy } from '../retry-policy';
import { firstPosition } from './first-position';

/** A unit of a consumer aims at this, in milliseconds: commands wait for it. */
const TURN_MS = 6;
const LARGEST_BATCH = 500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** An idle loop shows that it lives. In milliseconds. */
const HEARTBEAT_MS = 5_000;
/** After so many it looks for what other processes have recorded, parked or made due, also when it is never idle. */
const LOOK_EVERY = 3;

export interface LoopOptions {
  retries?: RetryPolicy;
  counts?: Counts;
  /** The part of the log that it goes through. Without one it follows the log. */
  range?: ConsumerInstance;
  /** Called once when it has taken all there is, or all of its range with nothing left parked. */
  onEnd?: () => Promise<void>;
}

/** One consumer, or one instance of it, in this process: reads a page, delivers it, sleeps when there is nothing. */
export class ConsumerLoop {
  private readonly pipeline: ConsumerPipeline;
  private readonly logger: Logger;
  private running?: Promise<void>;
  private stopping = false;
  private awake = false;
  private wake: () => void = () => undefined;
  private batch = 16;
  private turn = 0;
  private lookAt = 0;
  private ended = false;
  private trouble?: Error;
  private heartbeat = Date.now();

  constructor(
    private readonly log: EventLog,
    private readonly consumer: Consumer,
    private readonly options: LoopOptions = {},
  ) {
    this.logger = new Logger(consumer.name);
    const lane = { source: log.identity, topic: '', partition: 0 };
    this.pipeline = new ConsumerPipeline(log, consumer, lane, options.retries, options.counts);
  }

  start(): void {
    this.stopping = false;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.stir();
    await this.running;
  }

  /** Something may be due that it does not know of. */
  look(): void {
    this.lookAt = 0;
    this.stir();
  }

  async status(): Promise<ConsumerStatus> {
    const { log, consumer, pipeline, trouble } = this;
    const { position } = pipeline;
    const [head, [next], parked] = await Promise.all([
      log.history.head(),
      log.history.after(position, 1),
      parkedBy(log.reading.manager, consumer.name),
    ]);
    // An instance on its way goes through what the live one has taken: nothing waits for it.
    const waits = next && (!this.options.range || this.ended);
    const lives = this.running !== undefined && !(trouble instanceof EventsMissing);
    return {
      consumer: consumer.name,
      state: lives ? (trouble ? 'paused' : 'running') : 'stopped',
      ...(trouble && { error: trouble.message }),
      heartbeat_at: this.heartbeat,
      position,
      head,
      lag_seconds: waits ? Math.max(0, (Date.now() - next.occurredAt) / 1_000) : 0,
      ...parked,
    };
  }

  private async run(): Promise<void> {
    const unsubscribe = this.log.onRecorded(() => this.stir());
    let pause = 0;
    let open = false;
    while (!this.stopping) {
      try {
        if (!open) await this.pipeline.open(() => firstPosition(this.log, this.consumer, this.options.range));
        open = true;
        const nothingLeft = await this.step();
        if (pause > 0) this.logger.log('goes on');
        pause = 0;
        this.trouble = undefined;
        if (nothingLeft) await this.rest();
      } catch (error) {
        this.trouble = error as Error;
        this.lookAt = 0;
        if (pause === 0) this.logger.warn(`pauses: ${isExpected(error) ? this.trouble.message : this.trouble.stack}`);
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2 || FIRST_PAUSE_MS);
        this.heartbeat = Date.now();
        await this.sleep(pause * (0.5 + Math.random() / 2), { deeply: true });
      }
    }
    unsubscribe();
  }

  /** Returns true when there was nothing to take. */
  private async step(): Promise<boolean> {
    this.awake = false;
    this.heartbeat = Date.now();
    if (this.heartbeat >= this.lookAt) {
      // Before it looks: what is made due meanwhile is looked for once more.
      this.lookAt = this.heartbeat + LOOK_EVERY * HEARTBEAT_MS;
      await this.pipeline.retries.look();
    }
    await this.pipeline.retryDue();
    const events = await this.nextEvents();
    if (events.length === 0) return true;
    const source = this.log.identity;
    const arrivals = events.map((event) => ({ ...event, source, previous: event.position - 1 }));
    await this.pipeline.deliver(inLanes(arrivals, this.turn++));
    this.fitBatch(events.length, this.pipeline.lastTurnMs);
    return false;
  }

  /** The last position that it takes. */
  private get end(): number {
    return this.options.range?.to_position ?? Infinity;
  }

  private async nextEvents(): Promise<RecordedEvent[]> {
    const { position } = this.pipeline;
    const limit = Math.min(this.batch, this.end - position);
    return limit > 0 ? this.log.history.after(position, limit) : [];
  }

  private async rest(): Promise<void> {
    const { onEnd, range } = this.options;
    if (onEnd && !this.ended) {
      const { parked_streams } = await parkedBy(this.log.reading.manager, this.consumer.name);
      // A rebuilt instance need not be better than the live one, which has parked what fails as well.
      if (parked_streams === 0 || range?.to_position === null) {
        await onEnd();
        this.ended = true;
      }
    }
    for (let beats = 0; beats < LOOK_EVERY; beats += 1) {
      const due = Math.max(0, (this.pipeline.retries.nextAt ?? Infinity) - Date.now());
      await this.sleep(Math.min(due, HEARTBEAT_MS));
      this.heartbeat = Date.now();
      if (due <= HEARTBEAT_MS || this.awake || this.stopping) return;
    }
    this.lookAt = 0;
  }

  /** Batches grow while they are quick and shrink when they keep the commands waiting. */
  private fitBatch(size: number, took: number): void {
    if (took > TURN_MS * 2) this.batch = Math.max(1, Math.floor(this.batch / 2));
    else if (took < TURN_MS && size === this.batch) this.batch = Math.min(LARGEST_BATCH, this.batch * 2);
  }

  private stir(): void {
    this.awake = true;
    this.wake();
  }

  /** Until stirred or stopped, or for so long; deeply: new events do not end it. */
  private async sleep(milliseconds: number, { deeply = false } = {}): Promise<void> {
    if (this.stopping || (this.awake && !deeply)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        if (deeply && !this.stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** These say all in their message. */
const isExpected = (error: unknown): boolean =>
  isOutage(error) || error instanceof EventsMissing || error instanceof InstanceReplaced;
