// The peer of the relay in kafka.mjs: kafkajs's sendBatch of all events of a log, in batches of 500. In a process of its
// own: kafkajs as it is published, without what mend-kafkajs.ts changes in it.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { Kafka, logLevel } from 'kafkajs';
import { createConnection } from 'mysql2/promise';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { toMessage } = require('../dist/libs/event-bus/src/drivers/kafka/wire.js');
if (Object.keys(require.cache).some((file) => file.endsWith('mend-kafkajs.js'))) throw new Error('It is mended.');

const [, , url, topic] = process.argv;
const brokers = (process.env.KAFKA_BROKERS || '127.0.0.1:9092').split(',');
const SOURCE = randomUUID();

/** The same message as the relay's. */
const messageOf = ({ id, stream, payload, metadata, type, version, occurred_at }) =>
  toMessage({
    id: randomUUID(),
    source: SOURCE,
    position: id,
    previous: id - 1,
    occurredAt: occurred_at,
    stream,
    payload,
    metadata,
    type,
    version,
    partition: Number(stream.slice(5)) % 3,
  });

const connection = await createConnection(url);
const [rows] = await connection.query('SELECT * FROM event_log ORDER BY id');
await connection.end();
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
await admin.disconnect();
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
await producer.connect();
const began = performance.now();
for (let at = 0; at < rows.length; at += 500) {
  const messages = rows.slice(at, at + 500).map(messageOf);
  await producer.sendBatch({ topicMessages: [{ topic, messages }], acks: -1 });
}
process.send({ seconds: (performance.now() - began) / 1_000 });
await producer.disconnect();
process.exit(0);
