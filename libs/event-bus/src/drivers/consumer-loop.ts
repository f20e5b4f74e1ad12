import { Logger } from '@nestjs/common';
import type { EventLog, RecordedEvent } from '@magasin/event-log';
import { Background } from '../background';
import { ConsumerPipeline } from '../consumer-pipeline';
import type { Consumer, ConsumerStatus, Counts } from '../event-bus';
import type { ConsumerInstance } from '../instance';
import { HandedOver } from '../errors';
import { inLanes } from '../lanes';
import { parkedBy } from '../parked';
import { HANDED_OVER } from '../progress';
import type { RetryPolicy } from '../retry-policy';
import { BatchSize } from './batch-size';
import { firstPosition } from './first-position';
import { inWords, jittered, longer, needsPerson } from './pause';
import type { Runner } from './runner';
import { takeBack } from './take-back';

/** An idle loop shows that it lives. In milliseconds. */
const HEARTBEAT_MS = 5_000;
/** After so many it looks for what other processes have recorded, parked or made due, also when it is never idle. */
const LOOK_EVERY = 3;
/** The same where other processes tell of it. */
const HINTED_LOOK_EVERY = 12;

export interface LoopOptions {
  retries?: RetryPolicy;
  counts?: Counts;
  /** The part of the log that it goes through. Without one it follows the log. */
  range?: ConsumerInstance;
  /**
   * Called when it has taken all there is, or all of its range with nothing left parked, and again at the next such
   * moment unless it answers true.
   */
  onEnd?: () => Promise<boolean>;
}

/** One consumer, or one instance of it, in this process: reads a page, delivers it, sleeps when there is nothing. */
export class ConsumerLoop implements Runner {
  private readonly pipeline: ConsumerPipeline;
  private readonly logger: Logger;
  private readonly loop = new Background(() => this.run());
  private readonly batch: BatchSize;
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
    this.batch = new BatchSize(log);
    const lane = { source: log.identity, topic: '', partition: 0 };
    this.pipeline = new ConsumerPipeline(log, consumer, lane, options.retries, options.counts);
  }

  /** The last position that it is done with. */
  get position(): number {
    return this.pipeline.position;
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Something may be due that it does not know of. */
  look(): void {
    this.lookAt = 0;
    this.loop.stir();
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
    const waits = next && !this.options.range;
    const lives = this.loop.isRunning && !needsPerson(trouble);
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
    const unsubscribe = this.log.onRecorded(() => this.loop.stir());
    let pause = 0;
    let open = false;
    while (!this.loop.stopping) {
      try {
        if (!open) await this.open();
        open = true;
        const nothingLeft = await this.step();
        if (pause > 0) this.logger.log('goes on');
        pause = 0;
        this.trouble = undefined;
        if (nothingLeft) await this.rest();
      } catch (error) {
        this.trouble = error as Error;
        this.lookAt = 0;
        if (pause === 0) this.logger.warn(`pauses: ${inWords(this.trouble)}`);
        pause = longer(pause);
        this.heartbeat = Date.now();
        await this.loop.rest(jittered(pause), { deeply: true });
      }
    }
    unsubscribe();
  }

  private async open(): Promise<void> {
    const { consumer, log, options } = this;
    // Whoever is called at the end goes on by topics, or has a place of its own.
    if (!options.onEnd) await takeBack(log, consumer, options);
    await this.pipeline.open(() => firstPosition(log, consumer, options.range));
  }

  /** Returns true when there was nothing to take. */
  private async step(): Promise<boolean> {
    const { consumer, options, pipeline } = this;
    if (pipeline.position === HANDED_OVER && !options.onEnd) throw new HandedOver(consumer.name);
    this.loop.begin();
    this.heartbeat = Date.now();
    if (this.heartbeat >= this.lookAt) {
      // Before it looks: what is made due meanwhile is looked for once more.
      this.lookAt = this.heartbeat + this.lookEvery * HEARTBEAT_MS;
      await pipeline.retries.look();
    }
    await pipeline.retryDue();
    const events = await this.nextEvents();
    if (events.length === 0) return true;
    const source = this.log.identity;
    const arrivals = events.map((event) => ({ ...event, source, previous: event.position - 1 }));
    await pipeline.deliver(inLanes(arrivals, this.turn++));
    this.batch.fit(events.length, pipeline.lastTurnMs);
    return false;
  }

  private get lookEvery(): number {
    return this.log.hinted ? HINTED_LOOK_EVERY : LOOK_EVERY;
  }

  /** The last position that it takes. */
  private get end(): number {
    return this.options.range?.to_position ?? Infinity;
  }

  private async nextEvents(): Promise<RecordedEvent[]> {
    const { position } = this.pipeline;
    const limit = Math.min(this.batch.limit, this.end - position);
    return limit > 0 ? this.log.history.after(position, limit) : [];
  }

  private async rest(): Promise<void> {
    const { onEnd, range } = this.options;
    if (onEnd && !this.ended) {
      const { parked_streams } = await parkedBy(this.log.reading.manager, this.consumer.name);
      // A rebuilt instance need not be better than the live one, which has parked what fails as well.
      const follows = (range?.to_position ?? null) === null;
      if (parked_streams === 0 || follows) this.ended = await onEnd();
    }
    for (let beats = 0; beats < this.lookEvery; beats += 1) {
      const due = Math.max(0, (this.pipeline.retries.nextAt ?? Infinity) - Date.now());
      await this.loop.rest(Math.min(due, HEARTBEAT_MS));
      this.heartbeat = Date.now();
      if (due <= HEARTBEAT_MS || this.loop.stirred || this.loop.stopping) return;
    }
    this.lookAt = 0;
  }
}
