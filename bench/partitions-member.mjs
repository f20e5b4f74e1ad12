// One process of bench/partitions.mjs: a consumer on Kafka whose handler waits, and the relay.
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

const require = createRequire(import.meta.url);
require('reflect-metadata');
require('@nestjs/common').Logger.overrideLogger(['error']);

const [, , partitions, waitMs, settings] = process.argv;
const { DATABASE_URL, KAFKA_BROKERS, KAFKA_PREFIX } = JSON.parse(settings);

// How many there are is a constant of the contracts, fixed when a topic is made. Here, each round has another one.
const topics = '../dist/libs/contracts/src/topics.js';
const constants = { ...require(topics), PARTITIONS: Number(partitions) };
require.cache[require.resolve(topics)].exports = constants;

const lib = (path) => require(`../dist/libs/${path}.js`);
const { openBackbone, on } = lib('event-bus/src/index');
const { ConsumerProgress, HANDED_OVER } = lib('event-bus/src/progress');
const { UserCreated } = lib('contracts/src/index');

const now = () => performance.timeOrigin + performance.now();
const { log, bus } = await openBackbone({
  url: DATABASE_URL,
  kafka: { brokers: KAFKA_BROKERS.split(','), topicPrefix: KAFKA_PREFIX, groupPrefix: KAFKA_PREFIX },
});

let begun = false;
async function handle(_event, tx, { stream, version }) {
  if (!begun) process.send({ began: now() });
  begun = true;
  // As for a slow statement. Nothing but `tx` may be waited for in a unit.
  await tx.rows.query(`DO SLEEP(${waitMs / 1_000})`);
  tx.afterCommit(() => process.send({ stream, version, at: now() }));
}

bus.subscribe({ name: 'waits', startAt: 'now', handlers: [on(UserCreated, handle)] });
await bus.start();
// Done with the log: from now on it follows its topics.
while (!(await log.reading.manager.existsBy(ConsumerProgress, { consumer: 'waits', position: HANDED_OVER })))
  await delay(50);

/** Streams by turns, so that all partitions have work from the first moment to the last. */
async function fill(events, streams) {
  for (let next = 0; next < events; next += 500) {
    await log.transaction(async (tx) => {
      for (let number = next; number < Math.min(events, next + 500); number += 1) {
        const id = 1 + (number % streams);
        tx.record(UserCreated.of({ id, name: 'Ada Lovelace', email: 'ada@example.com', user_type_id: 1 }));
      }
    });
  }
}

process.on('message', (told) => {
  if (told.fill) void fill(told.fill, told.streams);
  if (told.stop)
    void bus.stop().then(async () => {
      await log.close();
      process.exit(0);
    });
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
