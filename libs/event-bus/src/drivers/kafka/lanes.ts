import type { EventLog } from '@magasin/event-log';
import { PARTITIONS } from '@magasin/contracts';
import { type EntityManager, Not } from 'typeorm';
import type { ConsumerPipeline } from '../../consumer-pipeline';
import { InstanceReplaced } from '../../errors';
import type { Arrival, Consumer } from '../../event-bus';
import { isReplaced } from '../../instance';
import { ConsumerProgress, HANDED_OVER, type Lane } from '../../progress';
import { noteTypes, TakenTypes } from '../../taken-types';
import type { PartitionEnd } from './topics';

/** Where the messages of other people's programs stand in the progress of a consumer. */
export const foreignSource = (topic: string, partition: number): string => `foreign:${topic}/${partition}`;

const nameOf = ({ source, topic, partition }: Lane): string => `${source} ${topic} ${partition}`;

/**
 * The lanes of a consumer that follows topics: one for each source on each partition. Those of the own log begin where
 * the consumer has come to in the log, all others where the consumer begins.
 */
export class Lanes {
  private readonly open = new Map<string, ConsumerPipeline>();

  constructor(
    readonly log: EventLog,
    private readonly consumer: Consumer,
    /** All that it subscribes to. */
    private readonly topics: string[],
    private readonly pipelineOf: (lane: Lane) => ConsumerPipeline,
  ) {}

  /** True when it is done with the log. @throws InstanceReplaced */
  async areBegun(): Promise<boolean> {
    const { manager } = this.log.reading;
    if (await isReplaced(manager, this.consumer.name)) throw new InstanceReplaced(this.consumer.name);
    return manager.existsBy(ConsumerProgress, { ...this.inLog, position: HANDED_OVER });
  }

  /**
   * Goes over from the log to the topics, at a position of the log, for all processes at once: from here on none of them
   * takes an event from the log. False when another one has taken more meanwhile.
   *
   * @param ends where messages of other sources begin for a consumer that starts now; none for one that takes them all
   */
  async handOver(position: number, ends: PartitionEnd[]): Promise<boolean> {
    if (position === HANDED_OVER) return true;
    return this.log.transaction(async ({ rows }) => {
      const here = { ...this.inLog, position };
      const { affected } = await rows.update(ConsumerProgress, here, { position: HANDED_OVER });
      if (affected !== 1) return rows.existsBy(ConsumerProgress, { ...this.inLog, position: HANDED_OVER });
      await this.begin(rows, this.topics, position);
      for (const { topic, partition, end } of ends) {
        const lane = { ...this.key(foreignSource(topic, partition)), topic, partition };
        // It has followed topics before, and was on the database bus since.
        if (await rows.existsBy(ConsumerProgress, lane)) continue;
        await rows.insert(ConsumerProgress, { ...lane, position: end });
        await noteTypes(rows, lane, end + 1, this.types);
      }
      return true;
    }, 'consumer');
  }

  /**
   * A topic that it has taken up since begins where it is by now, as a type does that it takes up: what was before, it
   * has passed over.
   */
  async takeUp(): Promise<void> {
    await this.log.transaction(async ({ rows }) => {
      const mine = await rows.findBy(ConsumerProgress, { ...this.key(this.log.identity), topic: Not('') });
      const missing = this.topics.filter((topic) => !mine.some((lane) => lane.topic === topic));
      if (missing.length > 0) await this.begin(rows, missing, Math.max(0, ...mine.map(({ position }) => position)));
    }, 'consumer');
  }

  /**
   * The pipeline of a lane; undefined when the event was there before a consumer that starts now. The offset of its
   * message is asked for only when the lane is new.
   */
  async of(lane: Lane, first: Arrival, offset: number): Promise<ConsumerPipeline | undefined> {
    const known = this.open.get(nameOf(lane));
    if (known) return known;
    if (await this.wasBefore(lane, offset)) return undefined;
    return this.opened(lane, this.consumer.startAt === 'now' ? (first.previous ?? 0) : 0);
  }

  /** The pipeline of a lane that begins where its log does, when it is new. */
  async fromBeginning(lane: Lane): Promise<ConsumerPipeline> {
    return this.open.get(nameOf(lane)) ?? this.opened(lane, 0);
  }

  get pipelines(): ConsumerPipeline[] {
    return [...this.open.values()];
  }

  private async opened(lane: Lane, position: number): Promise<ConsumerPipeline> {
    const pipeline = this.pipelineOf(lane);
    await pipeline.open(async () => {
      if (await isReplaced(this.log.reading.manager, this.consumer.name))
        throw new InstanceReplaced(this.consumer.name);
      return position;
    });
    this.open.set(nameOf(lane), pipeline);
    return pipeline;
  }

  private async wasBefore({ source, topic, partition }: Lane, offset: number): Promise<boolean> {
    if (source === this.log.identity || this.consumer.startAt !== 'now') return false;
    const { manager } = this.log.reading;
    if (await manager.existsBy(ConsumerProgress, { ...this.key(source), topic, partition })) return false;
    const foreign = { ...this.key(foreignSource(topic, partition)), topic, partition };
    const began = await manager.findOne(TakenTypes, { where: foreign, order: { from_position: 'ASC' } });
    return began !== null && offset + 1 < began.from_position;
  }

  private async begin(rows: EntityManager, topics: string[], position: number): Promise<void> {
    for (const topic of topics) {
      for (let partition = 0; partition < PARTITIONS; partition += 1) {
        const lane = { ...this.key(this.log.identity), topic, partition };
        await rows.insert(ConsumerProgress, { ...lane, position });
        await noteTypes(rows, lane, position + 1, this.types);
      }
    }
  }

  private key(source: string): { consumer: string; source: string } {
    return { consumer: this.consumer.name, source };
  }

  private get inLog(): Lane & { consumer: string } {
    return { ...this.key(this.log.identity), topic: '', partition: 0 };
  }

  private get types(): string[] {
    return this.consumer.handlers.map(({ event }) => event.name);
  }
}
