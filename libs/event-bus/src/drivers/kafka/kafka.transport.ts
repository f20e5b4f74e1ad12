import { setTimeout as delay } from 'node:timers/promises';
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { PARTITIONS } from '@magasin/contracts';
import { type Consumer, type EachBatchPayload, Kafka } from 'kafkajs';
import { jittered, longer } from '../pause';
import type { Broker } from './broker';
import type { Topics } from './topics';

export interface TransportOptions {
  broker: Broker;
  topics: Topics;
  /** The group: its members share the partitions. */
  group: string;
  /** Without the prefix. */
  subscribe: string[];
  /**
   * Takes a batch of one partition, and resolves the offsets of what it has taken. Batches of other partitions come
   * meanwhile. It gives a heartbeat between its steps, and lets what that throws rise: the group is being arranged anew.
   */
  take(batch: EachBatchPayload): Promise<void>;
  /** The partitions that this member has from now on, by the name of the topic on the broker. */
  onAssigned?(partitions: Record<string, number[]>): void;
}

const SESSION_MS = 10_000;
/** How long others wait for a member that is in a batch, when the group is arranged anew. In milliseconds. */
const REBALANCE_MS = 20_000;
/**
 * Offsets are committed so often, and when the member leaves. The place that counts is the consumer's own, in its database:
 * what is read twice is dropped there. In milliseconds.
 */
const COMMIT_MS = 1_000;

/**
 * A member of a group, as a transport of Nest: it gives whole batches away, and commits their offsets when they are taken.
 * Nest's own would give single messages to handlers whose errors end the membership.
 */
export class KafkaTransport extends Server<never> implements CustomTransportStrategy {
  private consumer?: Consumer;
  private living?: Promise<void>;
  private closing = false;
  private wake: () => void = () => undefined;

  constructor(private readonly options: TransportOptions) {
    super();
  }

  /** Begins to join the group and calls back at once: a broker that is away keeps nobody from starting. */
  override listen(callback: (error?: Error) => void): void {
    this.closing = false;
    this.options.broker.open();
    this.living ??= this.live().finally(() => {
      this.living = undefined;
    });
    callback();
  }

  /** Ends the batches in hand, commits them, and leaves the group. */
  override async close(): Promise<void> {
    this.closing = true;
    this.options.broker.close();
    this.wake();
    await this.living;
  }

  /** Goes on with an offset of a partition; `-2` is the first one that there is. */
  seek(topic: string, partition: number, offset: string): void {
    this.consumer?.seek({ topic: this.options.topics.named(topic), partition, offset });
  }

  override on(): never {
    throw new Error('This transport tells no events: it takes them.');
  }

  // Nest's own signature.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  override unwrap<T>(): T {
    return this.consumer as T;
  }

  /** A member after the other: kafkajs ends one that meets what it can not explain. */
  private async live(): Promise<void> {
    for (let pause = 0; !this.closing;) {
      const began = Date.now();
      try {
        await this.options.topics.ensure(this.options.subscribe);
        await this.beMember();
      } catch (error) {
        this.options.broker.away(error as Error);
        this.options.topics.forget();
      }
      if (this.closing) return;
      pause = Date.now() - began > REBALANCE_MS ? 0 : longer(pause);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, jittered(pause));
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Resolves at close(). @throws what ended the membership */
  private async beMember(): Promise<void> {
    const { broker, group, subscribe, topics } = this.options;
    const { sessionMs = SESSION_MS } = broker.options;
    const consumer = new Kafka(broker.config).consumer({
      groupId: group,
      sessionTimeout: sessionMs,
      heartbeatInterval: sessionMs / 10,
      rebalanceTimeout: REBALANCE_MS,
      minBytes: 1,
      maxWaitTimeInMs: 50,
      metadataMaxAge: broker.metadataMaxAge,
      allowAutoTopicCreation: false,
      retry: { ...broker.retry, restartOnFailure: async () => false },
    });
    this.consumer = consumer;
    const { CRASH, FETCH, GROUP_JOIN, HEARTBEAT } = consumer.events;
    const over = new Promise<void>((resolve, reject) => {
      consumer.on(CRASH, ({ payload }) => reject(payload.error));
      this.wake = resolve;
    });
    over.catch(() => undefined);
    for (const event of [FETCH, HEARTBEAT] as const) consumer.on(event as typeof FETCH, () => broker.here());
    let latest: EachBatchPayload | undefined;
    // That of any batch is that of the member. A broker that is away, or a group that is being arranged anew, gets the
    // next one.
    const commit = async (): Promise<void> => {
      const committed = latest?.commitOffsetsIfNecessary(latest.uncommittedOffsets()).catch(() => undefined);
      await Promise.race([committed, delay(COMMIT_MS, undefined, { ref: false })]);
    };
    let committing: Promise<void> | undefined;
    consumer.on(FETCH, () => {
      committing ??= latest
        ?.commitOffsetsIfNecessary()
        .catch(() => undefined)
        .finally(() => (committing = undefined));
    });
    consumer.on(GROUP_JOIN, ({ payload }) => this.options.onAssigned?.(payload.memberAssignment));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: subscribe.map((topic) => topics.named(topic)), fromBeginning: true });
      await consumer.run({
        eachBatchAutoResolve: false,
        autoCommitInterval: COMMIT_MS,
        partitionsConsumedConcurrently: subscribe.length * PARTITIONS,
        eachBatch: async (batch) => {
          latest = batch;
          await this.options.take(batch);
          if (this.closing) await commit();
        },
      });
      if (!this.closing) await over;
      await commit();
    } finally {
      this.consumer = undefined;
      await consumer.disconnect().catch(() => undefined);
    }
  }
}
