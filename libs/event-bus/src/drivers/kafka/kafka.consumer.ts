import { Logger } from '@nestjs/common';
import { eventType } from '@magasin/contracts';
import type { EventLog } from '@magasin/event-log';
import { Background } from '../../background';
import { ConsumerPipeline } from '../../consumer-pipeline';
import { type Consumer, type ConsumerStatus, type Counts, noCounts } from '../../event-bus';
import { Retries } from '../../retries';
import { DEFAULT_RETRIES } from '../../retry-policy';
import { ConsumerLoop } from '../consumer-loop';
import { inWords, jittered, longer, needsPerson } from '../pause';
import type { Runner } from '../runner';
import { Broker } from './broker';
import { Gap } from './gap';
import { KafkaTransport } from './kafka.transport';
import { Lanes } from './lanes';
import type { KafkaConsumerOptions } from './options';
import { Partitions } from './partitions';
import { ownPast, type Past } from '../../past';
import { goThroughPast } from './go-through-past';
import { HttpPast } from './past.http';
import { kafkaStatus } from './status';
import { type PartitionEnd, Topics } from './topics';

/** An idle consumer shows that it lives. In milliseconds. */
const HEARTBEAT_MS = 5_000;
/** So often it looks for what other processes have parked or made due. In milliseconds. */
const LOOK_EVERY_MS = 15_000;

/**
 * A live consumer on Kafka. Without progress on its topics it goes through the log first, as on the database bus, to its
 * end: so it is with one that is new, that comes from the database bus, or that was just built. Then it follows its
 * topics; what comes there from before its place is dropped, and what has not come there is missed.
 */
export class KafkaConsumer implements Runner {
  private readonly logger: Logger;
  private readonly retries: Retries;
  private readonly lanes: Lanes;
  private readonly broker: Broker;
  private readonly topics: Topics;
  private readonly transport: KafkaTransport;
  private readonly past: Past;
  private readonly subscribed: string[];
  private readonly partitions: Partitions;
  private throughLog?: ConsumerLoop;
  private readonly loop = new Background(() => this.run());
  private trouble?: Error;
  private heartbeat = Date.now();
  private lookAt = 0;
  /** When the next parked stream is due, as it was known when it went to sleep. */
  private dueAt?: number;

  constructor(
    private readonly log: EventLog,
    private readonly consumer: Consumer,
    private readonly options: KafkaConsumerOptions,
    private readonly counts: Counts = noCounts(),
  ) {
    const { retries = DEFAULT_RETRIES, owner, missingEvents = 'stop', groupPrefix = '' } = options;
    this.past = options.past ?? (owner ? new HttpPast(log, owner) : ownPast(log));
    const { name, handlers } = consumer;
    this.logger = new Logger(name);
    this.retries = new Retries(log, consumer, retries, counts);
    this.subscribed = [...new Set(handlers.map(({ event }) => eventType(event).topic))];
    this.lanes = new Lanes(
      log,
      consumer,
      this.subscribed,
      (lane) => new ConsumerPipeline(log, consumer, lane, retries, counts, this.retries),
    );
    this.broker = new Broker(options, name);
    this.topics = new Topics(options, this.broker);
    this.transport = new KafkaTransport({
      broker: this.broker,
      topics: this.topics,
      group: groupPrefix + name,
      subscribe: this.subscribed,
      take: (batch) => this.partitions.take(batch),
      onAssigned: (partitions) => this.partitions.keepOnly(partitions),
    });
    this.partitions = new Partitions({
      logger: this.logger,
      topics: this.topics,
      lanes: this.lanes,
      gap: new Gap(this.past, missingEvents),
      seek: (...to) => this.transport.seek(...to),
      // The pipelines have looked when the next stream is due.
      stir: () => this.retries.nextAt !== this.dueAt && this.loop.stir(),
    });
  }

  start(): void {
    this.topics.open();
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await this.topics.close();
  }

  look(): void {
    this.lookAt = 0;
    this.throughLog?.look();
    this.loop.stir();
  }

  async status(): Promise<ConsumerStatus> {
    const { log, consumer, throughLog } = this;
    if (throughLog) {
      const status = await throughLog.status();
      // It may have come to the end of the log meanwhile: that loop has stopped, and the consumer has not.
      if (this.throughLog === throughLog) return status;
    }
    const { stuck } = this.partitions;
    const troubles = [...stuck.map(({ trouble }) => trouble), this.trouble, this.broker.trouble].filter(
      (trouble) => trouble !== undefined,
    );
    const trouble = troubles.find(needsPerson) ?? troubles[0];
    const lives = this.loop.isRunning && !needsPerson(trouble);
    return {
      consumer: consumer.name,
      state: lives ? (trouble ? 'paused' : 'running') : 'stopped',
      ...(trouble && { error: trouble.message }),
      heartbeat_at: Math.max(this.heartbeat, this.loop.isRunning ? this.broker.seenAt : 0),
      ...(await kafkaStatus(log, consumer, stuck)),
    };
  }

  private async run(): Promise<void> {
    for (let pause = 0; !this.loop.stopping;) {
      try {
        if (!(await this.lanes.areBegun())) {
          const begin = this.lanes.fromBeginning.bind(this.lanes);
          await goThroughPast(this.past, this.consumer, this.subscribed, begin, () => this.beat());
          if (!this.loop.stopping) await this.goThroughLog();
        }
        if (this.loop.stopping) return;
        this.trouble = undefined;
        await this.lanes.takeUp();
        await this.followTopics();
        return;
      } catch (error) {
        this.trouble = error as Error;
        if (pause === 0) this.logger.warn(`pauses: ${inWords(this.trouble)}`);
        pause = longer(pause);
        this.heartbeat = Date.now();
        this.loop.begin();
        await this.loop.rest(jittered(pause));
      }
    }
  }

  /** Shows that it lives. Returns true when it is to stop. */
  private beat(): boolean {
    this.heartbeat = Date.now();
    return this.loop.stopping;
  }

  /** Resolves when it is done with the log, or was stopped. */
  private async goThroughLog(): Promise<void> {
    const { consumer, counts, log, options } = this;
    let done = false;
    const onEnd = async (): Promise<boolean> => {
      done = await this.lanes.handOver(loop.position, await this.ends());
      if (done) this.loop.stir();
      return done;
    };
    const loop = new ConsumerLoop(log, consumer, { retries: options.retries, counts, onEnd });
    this.throughLog = loop;
    loop.start();
    try {
      while (!done && !this.loop.stopping) {
        this.loop.begin();
        await this.loop.rest(HEARTBEAT_MS);
      }
    } finally {
      // It has ended; the consumer has not.
      this.throughLog = undefined;
      this.heartbeat = Date.now();
      await loop.stop();
    }
  }

  /** Where messages of other sources begin for a consumer that starts now. */
  private async ends(): Promise<PartitionEnd[]> {
    return this.consumer.startAt === 'now' ? this.topics.ends(this.subscribed) : [];
  }

  /** Resolves when it was stopped. */
  private async followTopics(): Promise<void> {
    if (this.subscribed.length > 0) this.transport.listen(() => undefined);
    try {
      for (let pause = 0; !this.loop.stopping;) {
        this.loop.begin();
        this.heartbeat = Date.now();
        try {
          await this.retry();
          if (pause > 0) this.logger.log('goes on');
          this.trouble = undefined;
          pause = 0;
        } catch (error) {
          this.trouble = error as Error;
          this.lookAt = 0;
          if (pause === 0) this.logger.warn(`pauses: ${inWords(this.trouble)}`);
          pause = longer(pause);
        }
        this.dueAt = this.retries.nextAt;
        const due = Math.max(0, (this.dueAt ?? Infinity) - Date.now());
        await this.loop.rest(pause > 0 ? jittered(pause) : Math.min(due, HEARTBEAT_MS));
      }
    } finally {
      await this.transport.close();
      this.partitions.clear();
    }
  }

  private async retry(): Promise<void> {
    if (this.heartbeat >= this.lookAt) {
      this.lookAt = this.heartbeat + LOOK_EVERY_MS;
      await this.retries.look();
    }
    await this.retries.run();
  }
}
