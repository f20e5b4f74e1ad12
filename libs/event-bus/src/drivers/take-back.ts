import { eventTypesOf } from '@magasin/contracts';
import { type EventLog, forUpdate } from '@magasin/event-log';
import { Not } from 'typeorm';
import { ConsumerPipeline } from '../consumer-pipeline';
import { HandedOver } from '../errors';
import type { Consumer, Counts } from '../event-bus';
import { ConsumerProgress, HANDED_OVER } from '../progress';
import type { RetryPolicy } from '../retry-policy';
import { noteTypes } from '../taken-types';
import { LogLanes, PAGE } from './log-to-lanes';

/**
 * Brings a consumer that has followed topics back to the log: what has not come by a topic yet is taken from the log into
 * the lane that it would have come on, which drops what it has. When all lanes have come equally far, that is its place
 * in the log, in one transaction. Killed in the middle, it goes on where it was. Nothing when it has not followed any.
 *
 * @throws HandedOver when it follows another log too: that one is not in this database
 */
export async function takeBack(
  log: EventLog,
  consumer: Consumer,
  { retries, counts }: { retries?: RetryPolicy; counts?: Counts } = {},
): Promise<void> {
  const { manager } = log.reading;
  const own = { consumer: consumer.name, source: log.identity };
  const inLog = { ...own, topic: '', partition: 0, position: HANDED_OVER };
  if (!(await manager.existsBy(ConsumerProgress, inLog))) return;
  const sources = await manager.findBy(ConsumerProgress, { consumer: consumer.name, source: Not(log.identity) });
  if (sources.some(({ source }) => !source.startsWith('foreign:'))) throw new HandedOver(consumer.name);

  for (let done = false; !done;) {
    const lanes = await manager.findBy(ConsumerProgress, { ...own, topic: Not('') });
    const upTo = await log.history.head();
    const back = new LogLanes(log.identity);
    for (const { topic, partition } of lanes) {
      const lane = { source: log.identity, topic, partition };
      const pipeline = new ConsumerPipeline(log, consumer, lane, retries, counts);
      await pipeline.reload();
      back.add(topic, partition, pipeline);
    }
    const types = [...new Set(lanes.map(({ topic }) => topic))].flatMap(eventTypesOf).map(({ name }) => name);
    for (let read = Math.min(upTo, back.least); read < upTo;) {
      const { events, seen } = await log.history.page({ types, after: read, upTo, limit: PAGE });
      await back.deliver(events);
      read = seen;
    }
    done = await log.transaction(async ({ rows }) => {
      const found = await rows.find(ConsumerProgress, { where: { ...own, topic: Not('') }, ...forUpdate(rows) });
      // A process that still follows topics has taken more meanwhile.
      if (found.some(({ position }) => position > upTo)) return false;
      const { affected } = await rows.update(ConsumerProgress, inLog, { position: upTo });
      if (affected !== 1) return true;
      for (const { topic, partition } of found) await rows.delete(ConsumerProgress, { ...own, topic, partition });
      const names = consumer.handlers.map(({ event }) => event.name);
      await noteTypes(rows, { ...own, topic: '', partition: 0 }, upTo + 1, names);
      return true;
    }, 'consumer');
  }
}
