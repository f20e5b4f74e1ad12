import type { Logger } from '@nestjs/common';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { ConsumerPipeline } from '../../consumer-pipeline';
import { EventsMissing } from '../../errors';
import type { Arrival } from '../../event-bus';
import type { Lane } from '../../progress';
import { BatchSize } from '../batch-size';
import { inWords, jittered, longer, needsPerson } from '../pause';
import type { Gap } from './gap';
import { foreignSource, type Lanes } from './lanes';
import type { Topics } from './topics';
import { fromMessage, type Place, unreadable } from './wire';

/** How long a partition rests that a person is needed for, in milliseconds. */
const LOOK_AGAIN_MS = 15_000;

/** What waits of a partition: the first event of the batch in hand that is not yet taken, and why. */
export interface Waiting {
  arrival?: Arrival;
  trouble?: Error;
  /** How long it rests before it tries again, in milliseconds. */
  pause: number;
}

interface Read {
  message: KafkaMessage;
  arrival: Arrival;
}

/** For `seek`: the first one that there is. */
const FIRST_OFFSET = '-2';

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`;

/** What kafkajs itself throws, such as of a heartbeat while the group is arranged anew. */
const isOfKafka = (error: unknown): boolean => (error as Error).name.startsWith('KafkaJS');

const unbelieved = (place: Place, message: KafkaMessage): Read => ({
  message,
  arrival: unreadable(place, message, ['its log has another event, or none, at that position']),
});

export interface PartitionsOptions {
  logger: Logger;
  topics: Topics;
  lanes: Lanes;
  gap: Gap;
  /** Goes on with an offset of a partition. */
  seek(topic: string, partition: number, offset: string): void;
  /** A stream may have been parked: it will be due. */
  stir(): void;
}

/** What a member of a group does with the batches of its partitions. */
export class Partitions {
  private readonly batch: BatchSize;
  private readonly waiting = new Map<string, Waiting>();
  /** Partitions that were read once more from their first offset, and where the consumer was then. */
  private readonly rewound = new Map<string, number>();
  private readonly resumes = new Set<NodeJS.Timeout>();

  constructor(private readonly options: PartitionsOptions) {
    this.batch = new BatchSize(options.lanes.log);
  }

  /** What does not go on, and why. */
  get stuck(): Waiting[] {
    return [...this.waiting.values()];
  }

  clear(): void {
    for (const timer of this.resumes) clearTimeout(timer);
    this.resumes.clear();
    this.waiting.clear();
    this.rewound.clear();
  }

  async take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const heartbeat = (): Promise<void> => payload.heartbeat();
    const place = { topic: this.options.topics.topicOf(batch.topic), partition: batch.partition };
    const name = nameOf(place);
    const { messages } = batch;
    for (let next = 0; next < messages.length && payload.isRunning() && !payload.isStale();) {
      const slice = messages.slice(next, next + this.batch.limit);
      const before = this.waiting.get(name);
      this.waiting.set(name, before ?? { pause: 0 });
      try {
        await this.deliver(place, slice, heartbeat);
      } catch (error) {
        if (isOfKafka(error)) throw error;
        this.rest(place, error as Error, () => payload.pause());
        return;
      }
      if (before?.trouble) this.options.logger.log(`goes on with ${name}`);
      this.waiting.delete(name);
      next += slice.length;
      payload.resolveOffset(slice.at(-1)!.offset);
      await heartbeat();
    }
  }

  /** Delivers consecutive messages of a partition, lane by lane. What is not ours, or only says so, comes last. */
  private async deliver(place: Place, messages: KafkaMessage[], heartbeat: () => Promise<void>): Promise<void> {
    const foreign = foreignSource(place.topic, place.partition);
    const read = messages.map((message) => ({ message, arrival: fromMessage(place, message) }));
    const strange = read.filter(({ arrival }) => arrival.source === foreign);
    const bySource = Map.groupBy(read, ({ arrival }) => arrival.source);
    bySource.delete(foreign);
    for (const [source, found] of bySource) {
      const pipeline = await this.pipelineOf({ ...place, source }, found[0]);
      if (!pipeline) continue;
      const lies = await this.options.gap.liesAmong(
        found.map(({ arrival }) => arrival),
        pipeline.position,
      );
      strange.push(
        ...found.filter(({ arrival }) => lies.has(arrival)).map(({ message }) => unbelieved(place, message)),
      );
      const believed = found.map(({ arrival }) => arrival).filter((arrival) => !lies.has(arrival));
      await this.deliverTo(pipeline, { ...place, source }, believed, heartbeat);
    }
    if (strange.length === 0) return;
    const pipeline = await this.pipelineOf({ ...place, source: foreign }, strange[0]);
    const arrivals = strange.map(({ arrival }) => arrival).toSorted((a, b) => a.position - b.position);
    if (pipeline) await this.deliverTo(pipeline, { ...place, source: foreign }, arrivals, heartbeat);
  }

  private pipelineOf(lane: Lane, { arrival, message }: Read): Promise<ConsumerPipeline | undefined> {
    return this.options.lanes.of(lane, arrival, Number(message.offset));
  }

  private async deliverTo(
    pipeline: ConsumerPipeline,
    lane: Lane,
    arrivals: Arrival[],
    heartbeat: () => Promise<void>,
  ): Promise<void> {
    const first = arrivals.find(({ position }) => position > pipeline.position);
    this.waiting.get(nameOf(lane))!.arrival ??= first;
    for (;;) {
      try {
        await pipeline.deliver(arrivals);
        break;
      } catch (error) {
        if (!(error instanceof EventsMissing)) throw error;
        // Somebody may have brought it forward.
        await pipeline.reload();
        if (pipeline.position === error.reached && !(await this.options.gap.fill(pipeline, lane, error, heartbeat)))
          throw error;
      }
    }
    if (first) this.batch.fit(arrivals.length, pipeline.lastTurnMs);
    this.options.stir();
  }

  /** A partition that can not go on now. The member stays one, and its other partitions go on. */
  private rest(place: Place, error: Error, pause: () => () => void): void {
    const name = nameOf(place);
    const waiting = this.waiting.get(name)!;
    if (error instanceof EventsMissing && this.rewound.get(name) !== error.reached) {
      // The group may have come farther than the database, which was restored: perhaps the topic has it all.
      this.rewound.set(name, error.reached);
      this.options.seek(place.topic, place.partition, FIRST_OFFSET);
      return;
    }
    if (!waiting.trouble) this.options.logger.warn(`pauses ${name}: ${inWords(error)}`);
    waiting.trouble = error;
    waiting.pause = needsPerson(error) ? LOOK_AGAIN_MS : longer(waiting.pause);
    const resume = pause();
    const timer = setTimeout(() => {
      this.resumes.delete(timer);
      resume();
    }, jittered(waiting.pause));
    this.resumes.add(timer);
  }

  /** What it has no longer is another member's. */
  keepOnly(assigned: Record<string, number[]>): void {
    const names = Object.entries(assigned).flatMap(([topic, partitions]) =>
      partitions.map((partition) => nameOf({ topic: this.options.topics.topicOf(topic), partition })),
    );
    const own = new Set(names);
    for (const name of this.waiting.keys()) if (!own.has(name)) this.waiting.delete(name);
    this.rewound.clear();
  }
}
