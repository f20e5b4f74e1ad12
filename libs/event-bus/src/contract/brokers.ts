import { randomUUID } from 'node:crypto';
import { logLevel } from 'kafkajs';
import { Kafka } from '../mend-kafkajs';

/** Where the specs find a broker; `npm run services` starts one. */
const BROKERS = (process.env.KAFKA_BROKERS ?? '127.0.0.1:9092').split(',');

/** Those who were killed are not waited for longer than this. The broker must allow it. In milliseconds. */
const SESSION_MS = 2_000;

/** Where a test finds its broker, and the topics and groups that no other test has. */
export interface OwnBrokers {
  brokers: string[];
  topicPrefix: string;
  groupPrefix: string;
  sessionMs: number;
}

export function ownBrokers(): OwnBrokers {
  const prefix = `t${randomUUID().slice(0, 8)}-`;
  return { brokers: BROKERS, topicPrefix: prefix, groupPrefix: prefix, sessionMs: SESSION_MS };
}

/** A client of somebody else's: it knows nothing of ours, and is silent. */
export const stranger = (brokers = BROKERS): Kafka =>
  new Kafka({ brokers, clientId: 'stranger', logLevel: logLevel.NOTHING });

/** Removes what a test has left on the broker. */
export async function removeAll({ topicPrefix, groupPrefix }: OwnBrokers): Promise<void> {
  const admin = stranger().admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
  const own = groups.filter((group) => group.startsWith(groupPrefix));
  // A group of somebody who was killed still has its member for a while: it goes by itself.
  if (own.length > 0) await admin.deleteGroups(own).catch(() => undefined);
  await admin.disconnect();
}
