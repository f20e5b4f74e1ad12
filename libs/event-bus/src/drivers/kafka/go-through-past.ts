import { PARTITIONS } from '@magasin/contracts';
import type { ConsumerPipeline } from '../../consumer-pipeline';
import type { Consumer } from '../../event-bus';
import type { Lane } from '../../progress';
import type { Past } from '../../past';
import { LogLanes, PAGE } from '../log-to-lanes';

/**
 * Takes all that is recorded in the logs of other databases, each event into the lane that it would come on: what topics
 * have kept of it is dropped then, and what they have forgotten is not missed.
 *
 * @param consumer one that starts now does not ask for the past
 * @param topics those that the consumer subscribes to
 * @param isOver asked between two pages; true ends it early
 * @throws Unavailable when an owner is away: begun again, it goes on where it was
 */
export async function goThroughPast(
  past: Past,
  { startAt }: Consumer,
  topics: string[],
  laneOf: (lane: Lane) => Promise<ConsumerPipeline>,
  isOver: () => boolean,
): Promise<void> {
  if (startAt === 'now') return;
  for (const source of await past.others()) {
    const lanes = new LogLanes(source);
    for (const topic of topics) {
      for (let partition = 0; partition < PARTITIONS; partition += 1)
        lanes.add(topic, partition, await laneOf({ source, topic, partition }));
    }
    for (let read = lanes.least; read < Infinity && !isOver();) {
      const events = await past.after(source, read, PAGE);
      if (!events?.length) break;
      await lanes.deliver(events);
      read = events.at(-1)!.position;
    }
  }
}
