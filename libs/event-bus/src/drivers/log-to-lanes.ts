import type { RecordedEvent } from '@magasin/event-log';
import type { ConsumerPipeline } from '../consumer-pipeline';
import { placeOf } from '../place-of';

/** How many events of a log are read at once. */
export const PAGE = 500;

/** The lanes of a consumer for one log, by topic and partition. */
export class LogLanes {
  private readonly pipelines = new Map<string, ConsumerPipeline>();

  constructor(private readonly source: string) {}

  add(topic: string, partition: number, pipeline: ConsumerPipeline): void {
    this.pipelines.set(nameOf(topic, partition), pipeline);
  }

  /** The position of the one that has come least far; Infinity without any. */
  get least(): number {
    return Math.min(...[...this.pipelines.values()].map(({ position }) => position));
  }

  /** Takes events of the log each into the lane that it would come on, which drops what it has. The others are passed over. */
  async deliver(events: RecordedEvent[]): Promise<void> {
    const arrivals = events.map((event) => ({ ...event, source: this.source, ...placeOf(event) }));
    for (const [name, own] of Map.groupBy(arrivals, ({ topic = '', partition }) => nameOf(topic, partition)))
      await this.pipelines.get(name)?.deliver(own);
  }
}

const nameOf = (topic: string, partition: number): string => `${topic} ${partition}`;
