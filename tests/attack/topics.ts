import { setTimeout as delay } from 'node:timers/promises';
import { eventTypeNamed, PARTITIONS, TOPICS } from '@magasin/contracts';
import type { BookEvent } from '../books';
import { kafkaClient } from '../kafka';

/** What a topic has of an event. */
interface Message {
  position: number;
  previous: number;
  id: string;
  stream: string;
  version: number;
}

/** Without progress for so long a topic can not be read to its end. In milliseconds. */
const SILENCE_MS = 30_000;

export type Partitions = Map<string, Message[]>;

/** All that the topics have, partition by partition (`user-events/0`), in the order of the offsets. */
export async function readTopics(broker: string, prefix: string): Promise<Partitions> {
  const kafka = kafkaClient([broker]);
  const topics = Object.keys(TOPICS);
  const names = topics.flatMap((topic) =>
    Array.from({ length: PARTITIONS }, (_, partition) => `${topic}/${partition}`),
  );
  const found: Partitions = new Map(names.map((name) => [name, []]));
  const admin = kafka.admin();
  await admin.connect();
  const left = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(prefix + topic)) {
      if (Number(high) > Number(low)) left.set(`${topic}/${partition}`, Number(high));
    }
  }
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `attack-reads-${Date.now()}` });
  await consumer.connect();
  let heard = Date.now();
  try {
    await consumer.subscribe({ topics: topics.map((topic) => prefix + topic), fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch }) => {
        const name = `${batch.topic.slice(prefix.length)}/${batch.partition}`;
        for (const { headers = {} } of batch.messages) {
          const text = (header: string): string => String(headers[`ce_${header}`]);
          found.get(name)!.push({
            position: Number(text('position')),
            previous: Number(text('previousposition')),
            id: text('id'),
            stream: text('subject'),
            version: Number(text('version')),
          });
        }
        heard = Date.now();
        if (Number(batch.lastOffset()) + 1 >= (left.get(name) ?? 0)) left.delete(name);
      },
    });
    while (left.size > 0) {
      if (Date.now() - heard > SILENCE_MS) throw new Error(`Kafka says nothing more of ${[...left.keys()].join()}.`);
      await delay(50);
    }
  } finally {
    await consumer.disconnect();
  }
  return found;
}

/** What the sum of a run counts, and a line for people for each fault. */
export interface TopicFaults {
  lost: string[];
  doubled: string[];
  reordered: string[];
  /** Published more than once, as is allowed: with the same position and id. */
  again: number;
}

/** Compares the topics with the log. */
export function faultsOfTheTopics(partitions: Partitions, events: BookEvent[]): TopicFaults {
  const faults: TopicFaults = { lost: [], doubled: [], reordered: [], again: 0 };
  const byId = new Map(events.map((event) => [event.id, event]));
  const placeOf = new Map<string, string>();
  const versions = new Map<string, number>();
  for (const [name, messages] of partitions) {
    let last = 0;
    for (const { id, position, previous, stream, version } of messages) {
      const event = byId.get(id);
      const what = `${name}: position ${position}, ${stream} version ${version} (${id})`;
      const known = placeOf.get(id);
      if (!event) faults.doubled.push(`${what} is in no log`);
      else if (event.position !== position || event.stream !== stream || event.version !== version)
        faults.doubled.push(`${what} is position ${event.position}, ${event.stream} ${event.version} in the log`);
      else if (eventTypeNamed(event.type)?.topic !== name.split('/')[0])
        faults.doubled.push(`${what} is ${event.type}, of another topic`);
      else if (known === undefined) {
        if (position <= last) faults.reordered.push(`${what} comes after position ${last}`);
        if (previous !== last) faults.reordered.push(`${what} names ${previous} before it, and ${last} is`);
        if (version !== (versions.get(stream) ?? 0) + 1)
          faults.reordered.push(`${what} comes after version ${versions.get(stream) ?? 0}`);
        placeOf.set(id, name);
        versions.set(stream, version);
        last = position;
      } else if (known === name) faults.again += 1;
      else faults.doubled.push(`${what} is on ${known} too`);
    }
  }
  for (const { id, position, type, stream } of events) {
    if (!placeOf.has(id)) faults.lost.push(`position ${position}, ${type} of ${stream} (${id}) is on no topic`);
  }
  return faults;
}

/** The last position on each partition. */
export const endsOf = (partitions: Partitions): Map<string, number> =>
  new Map([...partitions].map(([name, messages]) => [name, Math.max(0, ...messages.map(({ position }) => position))]));
