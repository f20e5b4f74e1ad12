import { Logger } from '@nestjs/common';
import type { EventLog } from '@magasin/event-log';
import { ConsumerPipeline, isOutage } from '../consumer-pipeline';
import { type Consumer, type ConsumerStatus, type Counts, EventBus } from '../event-bus';
import { ParkedEvent, ParkedStream, type RetryPolicy } from '../parking';

/** A unit of a consumer aims at this, in milliseconds: commands wait for it. */
const TURN_MS = 6;
const LARGEST_BATCH = 500;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

export interface DatabaseBusOptions {
  retries?: RetryPolicy;
}

/** The embedded bus: consumers read the log itself, woken by its commits. No broker, no second process. */
export class DatabaseEventBus extends EventBus {
  private readonly loops = new Map<string, ConsumerLoop>();
  private started = false;

  constructor(
    private readonly log: EventLog,
    private readonly options: DatabaseBusOptions = {},
  ) {
    super();
  }

  override subscribe(consumer: Consumer): void {
    const { name } = consumer;
    if (!/^[a-z][a-z0-9@-]{0,63}$/.test(name)) {
      throw new Error(`${name} can not name a consumer: lower case letters, digits, - and @, 64 at most.`);
    }
    if (this.loops.has(name)) throw new Error(`There is a consumer ${name} already. Each needs a name of its own.`);
    const loop = new ConsumerLoop(this.log, consumer, this.options);
    this.loops.set(name, loop);
    if (this.started) loop.start();
  }

  override async start(): Promise<void> {
    this.started = true;
    for (const loop of this.loops.values()) loop.start();
  }

  override async stop(): Promise<void> {
    this.started = false;
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
  }

  override counts(consumer: string): Readonly<Counts> {
    const loop = this.loops.get(consumer);
    if (!loop) throw new Error(`There is no consumer ${consumer}.`);
    return loop.pipeline.counts;
  }

  override status(): Promise<ConsumerStatus[]> {
    return Promise.all([...this.loops.values()].map((loop) => loop.status()));
  }
}

/** One consumer in this process: reads a page, delivers it, sleeps when there is nothing. */
class ConsumerLoop {
  readonly pipeline: ConsumerPipeline;
  private readonly logger: Logger;
  private running?: Promise<void>;
  private stopping = false;
  private awake = false;
  private wake: () => void = () => undefined;
  private batch = 16;
  private trouble?: string;
  private heartbeat = Date.now();

  constructor(
    private readonly log: EventLog,
    private readonly consumer: Consumer,
    { retries }: DatabaseBusOptions,
  ) {
    this.logger = new Logger(consumer.name);
    this.pipeline = new ConsumerPipeline(log, consumer, { source: log.identity, topic: '', partition: 0 }, retries);
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

  async status(): Promise<ConsumerStatus> {
    const { log, consumer, pipeline } = this;
    const [head, [next], parked_streams, parked_events] = await Promise.all([
      log.history.head(),
      log.history.after(pipeline.position, 1),
      log.reading.manager.countBy(ParkedStream, { consumer: consumer.name }),
      log.reading.manager.countBy(ParkedEvent, { consumer: consumer.name }),
    ]);
    const state = this.running ? (this.trouble ? 'paused' : 'running') : 'stopped';
    return {
      consumer: consumer.name,
      state,
      ...(this.trouble && { error: this.trouble }),
      heartbeat_at: this.heartbeat,
      position: pipeline.position,
      head,
      lag_seconds: next ? Math.max(0, (Date.now() - next.occurredAt) / 1_000) : 0,
      parked_streams,
      parked_events,
    };
  }

  private async run(): Promise<void> {
    const unsubscribe = this.log.onRecorded(() => this.stir());
    let pause = 0;
    let open = false;
    while (!this.stopping) {
      try {
        if (!open) await this.pipeline.open(async () => this.firstPosition());
        open = true;
        await this.step();
        if (pause > 0) this.logger.log('goes on');
        pause = 0;
        this.trouble = undefined;
      } catch (error) {
        this.trouble = (error as Error).message;
        if (pause === 0)
          this.logger.warn(`pauses: ${isOutage(error) ? (error as Error).message : (error as Error).stack}`);
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2 || FIRST_PAUSE_MS);
        await this.sleep(pause * (0.5 + Math.random() / 2), { deeply: true });
      }
    }
    unsubscribe();
  }

  private async step(): Promise<void> {
    this.awake = false;
    this.heartbeat = Date.now();
    await this.pipeline.retryDue();
    const events = await this.log.history.after(this.pipeline.position, this.batch);
    if (events.length === 0) {
      const { nextRetryAt } = this.pipeline;
      return this.sleep(nextRetryAt === undefined ? undefined : Math.max(0, nextRetryAt - Date.now()));
    }
    const source = this.log.identity;
    await this.pipeline.deliver(events.map((event) => ({ ...event, source })));
    this.fitBatch(events.length, this.pipeline.lastTurnMs);
  }

  /** Batches grow while they are quick and shrink when they keep the commands waiting. */
  private fitBatch(size: number, took: number): void {
    if (took > TURN_MS * 2) this.batch = Math.max(1, Math.floor(this.batch / 2));
    else if (took < TURN_MS && size === this.batch) this.batch = Math.min(LARGEST_BATCH, this.batch * 2);
  }

  private firstPosition(): Promise<number> {
    return this.consumer.startAt === 'now' ? this.log.history.head() : Promise.resolve(0);
  }

  private stir(): void {
    this.awake = true;
    this.wake();
  }

  /** Until stirred or stopped, or for so long; deeply: new events do not end it. */
  private async sleep(milliseconds?: number, { deeply = false } = {}): Promise<void> {
    if (this.stopping || (this.awake && !deeply)) return;
    await new Promise<void>((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, Math.min(milliseconds, 2 ** 31 - 1));
      this.wake = () => {
        if (deeply && !this.stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
