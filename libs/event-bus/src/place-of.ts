import { eventTypeNamed, PARTITIONS } from '@magasin/contracts';
import type { RecordedEvent } from '@magasin/event-log';
import { partitionOf } from './partition-of';

/**
 * The topic that an event of a log comes on. A type that is not declared here was recorded by a newer process, which has
 * named its topic. No topic where nobody has.
 */
export const topicOf = ({ type, metadata }: Pick<RecordedEvent, 'type' | 'metadata'>): string | undefined =>
  eventTypeNamed(type)?.topic ?? topicIn(metadata);

/** The topic and the partition that an event of a log comes on. */
export const placeOf = (event: Pick<RecordedEvent, 'type' | 'stream' | 'metadata'>) => ({
  topic: topicOf(event),
  partition: partitionOf(event.stream, PARTITIONS),
});

function topicIn(metadata: string): string | undefined {
  try {
    const { topic } = JSON.parse(metadata) as { topic?: unknown };
    return typeof topic === 'string' ? topic : undefined;
  } catch {
    // Put into the table by hand.
    return undefined;
  }
}
