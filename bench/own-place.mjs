import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { createConnection } from 'mysql2/promise';

/**
 * A database and, over Kafka, topics for one measuring: a file in the folder, or what DATABASE_URL and EVENT_BUS say, under a
 * name that nobody has.
 */
export async function ownPlace(folder, { DATABASE_URL = '', EVENT_BUS, KAFKA_BROKERS } = process.env) {
  const name = `bench_${randomBytes(5).toString('hex')}`;
  const onServer = /^(mariadb|mysql):/.test(DATABASE_URL);
  const brokers = (KAFKA_BROKERS || '127.0.0.1:9092').split(',');
  return {
    name,
    settings: {
      DATABASE_URL: onServer ? withPath(DATABASE_URL, name) : `sqlite:${join(folder, 'shop.sqlite')}`,
      ...(EVENT_BUS === 'kafka' && { EVENT_BUS, KAFKA_BROKERS: brokers.join(), KAFKA_PREFIX: `${name}-` }),
    },
    async remove() {
      if (onServer) await dropDatabase(DATABASE_URL, name);
      if (EVENT_BUS === 'kafka') await removeTopics(brokers, `${name}-`);
    },
  };
}

function withPath(server, name) {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function dropDatabase(server, name) {
  const { hostname: host, port, username, password } = new URL(server);
  const connection = await createConnection({
    host,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  });
  await connection.query(`DROP DATABASE IF EXISTS ${name}`);
  await connection.end();
}

async function removeTopics(brokers, prefix) {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  if (topics.length > 0) await admin.deleteTopics({ topics });
  const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
  // One whose members were killed goes by itself.
  await admin.deleteGroups(groups.filter((group) => group.startsWith(prefix))).catch(() => undefined);
  await admin.disconnect();
}
