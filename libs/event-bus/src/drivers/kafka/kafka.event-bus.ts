import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '@magasin/event-log';
import { eventType } from '@magasin/contracts';
import { PartitionsDiffer } from '../../errors';
import type { Consumer, Counts } from '../../event-bus';
import type { Runner } from '../runner';
import { type BusOptions, SupervisedEventBus } from '../supervised.event-bus';
import { KafkaConsumer } from './kafka.consumer';
import type { KafkaConsumerOptions } from './options';
import { Topics } from './topics';

export interface KafkaBusOptions extends KafkaConsumerOptions, BusOptions {}

/** How long the start waits for what the broker says of the topics. In milliseconds. */
const START_MS = 2_000;

/** The bus over Kafka: each consumer is a group, and its processes share its partitions. Some relay publishes. */
export class KafkaEventBus extends SupervisedEventBus {
  constructor(
    log: EventLog,
    protected override readonly options: KafkaBusOptions,
  ) {
    super(log, options);
  }

  /**
   * A broker that is away keeps nobody from starting, nor does a topic that another process is just making and that no
   * broker knows yet: consumers wait for them.
   * @throws PartitionsDiffer when it says that a topic has another number of partitions
   */
  override async start(): Promise<void> {
    await this.checkTopics();
    await super.start();
  }

  protected override live(consumer: Consumer, counts: Counts): Runner {
    return new KafkaConsumer(this.log, consumer, this.options, counts);
  }

  private async checkTopics(): Promise<void> {
    const topics = new Topics(this.options);
    const handled = this.consumers.flatMap(({ handlers }) => handlers.map(({ event }) => eventType(event).topic));
    const timeOut = new AbortController();
    const known = topics
      .ensure([...new Set(handled)])
      .catch((error: unknown) => {
        if (error instanceof PartitionsDiffer) throw error;
      })
      .finally(() => timeOut.abort());
    const tooLong = delay(START_MS, undefined, { signal: timeOut.signal }).catch(() => undefined);
    try {
      await Promise.race([known, tooLong]);
    } finally {
      await topics.close();
      // One that is known too late is found by the consumers.
      known.catch(() => undefined);
    }
  }
}
