import { ClientKafka } from '@nestjs/microservices';
import { PARTITIONS } from '@magasin/contracts';
import type { PartitionerArgs } from 'kafkajs';
import { lastValueFrom } from 'rxjs';
import { PartitionsDiffer } from '../../errors';
import type { Outgoing, Publisher } from '../../publisher';
import { Broker } from './broker';
import type { KafkaOptions } from './options';
import { Topics } from './topics';
import { toMessage } from './wire';

/** A request of a producer: more gain nothing, and the broker refuses one with more than 1 MiB for a partition. */
const MOST_EVENTS = 500;
const MOST_BYTES = 700 * 1024;
/** What headers, key and framing of a message take at most, about. */
const BYTES_BESIDE = 1024;
/** What is under way for so long is no longer believed to have a topic. In milliseconds. */
const LOOK_AGAIN_MS = 2_000;

/** Publishes through Nest's Kafka client, in order and, within one connection, without doubles. */
export class KafkaPublisher implements Publisher {
  private readonly broker: Broker;
  private readonly topics: Topics;
  private readonly client: ClientKafka;
  private readonly inHand = new Set<Promise<void>>();
  private readonly used = new Set<string>();

  constructor(options: KafkaOptions) {
    this.broker = new Broker(options, 'publisher');
    this.topics = new Topics(options, this.broker);
    this.client = new ClientKafka({
      client: this.broker.config,
      // Nest would put `-client` behind it.
      postfixId: '',
      producerOnlyMode: true,
      producer: {
        idempotent: true,
        // More in flight gain nothing, and the order stays in doubt.
        maxInFlightRequests: 1,
        allowAutoTopicCreation: false,
        retry: this.broker.retry,
        metadataMaxAge: this.broker.metadataMaxAge,
        createPartitioner: () => partitionOfMessage,
      },
      send: { acks: -1 },
    });
  }

  /** @throws PartitionsDiffer */
  async partitionsOf(topic: string): Promise<number> {
    await this.topics.ensure([topic]);
    return PARTITIONS;
  }

  async publish(topic: string, events: Outgoing[]): Promise<void> {
    const sending = this.send(topic, events);
    this.inHand.add(sending);
    await sending.finally(() => this.inHand.delete(sending));
  }

  /** What waits for a broker that is away fails within 3 seconds. */
  async close(): Promise<void> {
    this.broker.close();
    await this.topics.close();
    await Promise.allSettled(this.inHand);
    await this.client.close();
  }

  private async send(topic: string, events: Outgoing[]): Promise<void> {
    this.used.add(topic);
    await this.topics.ensure([topic]);
    for (const batch of inBatches(events)) {
      this.broker.mustBeOpen();
      const sent = this.client.emitBatch(this.topics.named(topic), { messages: batch.map(toMessage) });
      // It is sent without a subscriber too, but then nobody would hear of an error.
      await this.seenThrough(topic, lastValueFrom(sent));
      this.broker.here();
    }
  }

  /**
   * kafkajs waits for ever for a topic that was deleted, also with what is for others. When all are there again, what
   * waits goes on.
   */
  private async seenThrough(topic: string, sent: Promise<unknown>): Promise<void> {
    const over = sent.then(() => true);
    try {
      while (!(await inTime(over))) await Promise.race([over, this.lookAgain(topic)]);
    } catch (error) {
      this.topics.forget();
      throw error;
    }
  }

  /** @throws PartitionsDiffer for this one: others answer for themselves */
  private async lookAgain(topic: string): Promise<void> {
    this.topics.forget();
    const others = [...this.used].filter((other) => other !== topic);
    await Promise.allSettled(others.map((other) => this.topics.ensure([other])));
    await this.topics.ensure([topic]);
  }
}

/** False when it is not over after LOOK_AGAIN_MS. No AbortSignal: its error costs more than the rest (measured). */
async function inTime(over: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, LOOK_AGAIN_MS, false)));
  return Promise.race([over, late]).finally(() => clearTimeout(timer));
}

/** It comes with the message. kafkajs would call what is for a partition that is not there sent, and drop it. */
function partitionOfMessage({ topic, partitionMetadata, message }: PartitionerArgs): number {
  if (partitionMetadata.length !== PARTITIONS) throw new PartitionsDiffer(topic, partitionMetadata.length);
  return message.partition!;
}

/** In their order, each small enough for one request. One event alone is always: the log refuses larger ones. */
export function inBatches(events: Outgoing[]): Outgoing[][] {
  const batches: Outgoing[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    const size = Buffer.byteLength(event.payload) + BYTES_BESIDE;
    const latest = batches.at(-1);
    if (latest && latest.length < MOST_EVENTS && bytes + size <= MOST_BYTES) {
      latest.push(event);
      bytes += size;
    } else {
      batches.push([event]);
      bytes = size;
    }
  }
  return batches;
}
