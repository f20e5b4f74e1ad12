import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { PARTITIONS, TOPIC_CONFIGURATION } from '@magasin/contracts';
import { type Admin, ConfigResourceTypes, Kafka } from 'kafkajs';
import { PartitionsDiffer } from '../../errors';
import { Unavailable } from '../../event-bus';
import { Broker } from './broker';
import type { KafkaOptions } from './options';

const configEntries = Object.entries(TOPIC_CONFIGURATION).map(([name, value]) => ({ name, value: String(value) }));

/** How long the end of a topic is waited for, in milliseconds. */
const ENDS_MS = 2_000;

/** The offset that the next message of a partition gets. */
export interface PartitionEnd {
  topic: string;
  partition: number;
  end: number;
}

/** The topics of the shop on the brokers. */
export class Topics {
  private readonly logger = new Logger('topics');
  private readonly known = new Set<string>();
  /** That were known before. */
  private readonly forgotten = new Set<string>();
  private connecting?: Promise<Admin>;

  constructor(
    private readonly options: KafkaOptions,
    /** Of whoever needs the topics. */
    private readonly broker = new Broker(options, 'topics'),
  ) {}

  /** Its name on the broker. */
  named(topic: string): string {
    return (this.options.topicPrefix ?? '') + topic;
  }

  /** The topic of that name on the broker. */
  topicOf(name: string): string {
    return name.slice((this.options.topicPrefix ?? '').length);
  }

  /**
   * Makes those that are missing, also when other processes do so at the same time. Waits for the broker, until `close()`.
   * @throws PartitionsDiffer
   */
  async ensure(topics: string[]): Promise<void> {
    const wanted = topics.filter((topic) => !this.known.has(topic));
    if (wanted.length === 0) return;
    const admin = await this.connected();
    const names = wanted.map((topic) => this.named(topic));
    const there = new Set(await admin.listTopics());
    const missing = names.filter((name) => !there.has(name));
    if (missing.length > 0) {
      // False when another process was quicker. How many copies are kept is the broker's setting.
      await admin.createTopics({
        topics: missing.map((topic) => ({ topic, numPartitions: PARTITIONS, configEntries })),
        waitForLeaders: true,
      });
      const gone = wanted.filter((topic) => this.forgotten.has(topic) && !there.has(this.named(topic)));
      for (const topic of gone) this.logger.warn(`${this.named(topic)} was deleted: it was made again, empty`);
    }
    const { topics: found } = await admin.fetchTopicMetadata({ topics: names });
    for (const { name, partitions } of found) {
      if (partitions.length !== PARTITIONS) throw new PartitionsDiffer(name, partitions.length);
    }
    await this.compare(names.filter((name) => there.has(name)));
    for (const topic of wanted) this.known.add(topic);
    this.broker.here();
  }

  /** For a topic that has vanished: it is looked for again. */
  forget(): void {
    for (const topic of this.known) this.forgotten.add(topic);
    this.known.clear();
  }

  /** Where these topics end now. @throws Unavailable when the broker does not say so soon */
  async ends(topics: string[]): Promise<PartitionEnd[]> {
    const timeOut = new AbortController();
    const tooLong = delay(ENDS_MS, undefined, { signal: timeOut.signal }).then(
      () => Promise.reject(new Unavailable('Kafka does not say where its topics end')),
      () => [],
    );
    const found = Promise.all(topics.map((topic) => this.endsOf(topic)));
    return Promise.race([found.then((ends) => ends.flat()), tooLong]).finally(() => timeOut.abort());
  }

  private async endsOf(topic: string): Promise<PartitionEnd[]> {
    await this.ensure([topic]);
    const offsets = await (await this.connected()).fetchTopicOffsets(this.named(topic));
    return offsets.map(({ partition, high }) => ({ topic, partition, end: Number(high) }));
  }

  /** May be used again. */
  open(): void {
    this.broker.open();
  }

  async close(): Promise<void> {
    this.broker.close();
    const admin = await this.connecting?.catch(() => undefined);
    this.connecting = undefined;
    await admin?.disconnect();
  }

  /** Settings may be changed by those who run the broker: they are told, no more. */
  private async compare(names: string[]): Promise<void> {
    if (names.length === 0) return;
    const resources = names.map((name) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: configEntries.map((entry) => entry.name),
    }));
    const described = await (await this.connected()).describeConfigs({ resources, includeSynonyms: false });
    for (const { resourceName, configEntries: found } of described.resources) {
      for (const { name, value } of configEntries) {
        const other = found.find((entry) => entry.configName === name)?.configValue;
        if (other !== undefined && other !== value)
          this.logger.warn(`${resourceName} has ${name} ${other}, not ${value}`);
      }
    }
  }

  private async connected(): Promise<Admin> {
    this.broker.mustBeOpen();
    this.connecting ??= this.connect();
    return this.connecting;
  }

  private async connect(): Promise<Admin> {
    const admin = new Kafka(this.broker.config).admin({ retry: this.broker.retry });
    await admin.connect();
    return admin;
  }
}
