// `node bench/kafka.mjs [events]`: the relay from MariaDB to Kafka against its two halves alone, consumers with one effect
// row an event, and the time from a commit to a handler in another process. Needs `npm run services` and `npm run build`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { ownPlace } from './own-place.mjs';
import { median, say } from './with-server.mjs';

const require = createRequire(import.meta.url);
require('reflect-metadata');
require('@nestjs/common').Logger.overrideLogger(false);
const lib = (name) => require(`../dist/libs/${name}/src/index.js`);
const { openBackbone, on } = lib('event-bus');
const { UserCreated } = lib('contracts');

const EVENTS = Number(process.argv[2] ?? 60_000);
const ROUNDS = 3;
const SERVER = process.env.MARIADB_URL || 'mariadb://root@127.0.0.1:3306';
const brokers = (process.env.KAFKA_BROKERS || '127.0.0.1:9092').split(',');

class CreateEffects1764000009000 {
  async up(runner) {
    await runner.query('CREATE TABLE effect (position BIGINT PRIMARY KEY, stream VARCHAR(100) NOT NULL)');
  }
}

const open = (url, prefix) =>
  openBackbone({
    url,
    migrations: [CreateEffects1764000009000],
    kafka: { brokers, topicPrefix: prefix, groupPrefix: prefix },
  });
const user = (id) => UserCreated.of({ id, name: 'Ada Lovelace', email: 'ada@example.com', user_type_id: 1 });

// The other process of the latency: when it is asked, it says when its handler has seen which event.
if (process.argv[2] === 'handler') {
  const [, , , url, prefix] = process.argv;
  const { bus } = await open(url, prefix);
  const handled = [];
  const handle = async ({ id }) => void handled.push([id, performance.timeOrigin + performance.now()]);
  process.once('message', () => process.send(handled));
  bus.subscribe({ name: 'latency', startAt: 'now', handlers: [on(UserCreated, handle)] });
  await bus.start();
  process.send({ ready: true });
  await new Promise(() => undefined);
}

/** In a database and topics of its own. */
async function onFresh(measure) {
  const { settings, remove } = await ownPlace('', {
    DATABASE_URL: SERVER,
    EVENT_BUS: 'kafka',
    KAFKA_BROKERS: brokers.join(),
  });
  try {
    return await measure({ url: settings.DATABASE_URL, prefix: settings.KAFKA_PREFIX });
  } finally {
    await remove();
  }
}

/** Events of 1,000 streams, as units would leave them, in some large statements. */
async function fill({ log }, count) {
  for (let done = 0; done < count; done += 1_000) {
    await log.transaction(async (tx) => {
      for (let id = 1; id <= Math.min(1_000, count - done); id += 1) tx.record(user(id));
    });
  }
}

const seconds = async (work) => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
};

async function relayRound() {
  return onFresh(async ({ url, prefix }) => {
    const backbone = await open(url, prefix);
    await fill(backbone, EVENTS);
    const connection = await createConnection(url);
    const rows = [];
    const read = await seconds(async () => {
      for (let last = 0; ; last = rows.at(-1).id) {
        const [page] = await connection.query('SELECT * FROM event_log WHERE id > ? ORDER BY id LIMIT 500', [last]);
        if (page.length === 0) break;
        rows.push(...page);
      }
    });
    await connection.end();
    const peer = fork(new URL('kafka-peer.mjs', import.meta.url), [url, `${prefix}peer`]);
    const [{ seconds: send }] = await once(peer, 'message');
    const relay = await seconds(async () => {
      await backbone.bus.start();
      await published(backbone, EVENTS);
    });
    await backbone.bus.stop();
    await backbone.log.close();
    return { read: EVENTS / read, send: EVENTS / send, relay: EVENTS / relay };
  });
}

const published = async ({ log }, count) => {
  for (;;) {
    const { marks, assigned } = await log.outbox.lease();
    if (assigned === count && JSON.parse(marks)['user-events']?.position === count) return;
    await delay(20);
  }
};

/** All of it is in the topic before the first one is taken. */
async function consumeRound() {
  return onFresh(async ({ url, prefix }) => {
    const count = EVENTS / 2;
    let left = count;
    let began;
    let done;
    const finished = new Promise((resolve) => (done = resolve));
    const handle = async (_event, tx, { position, stream }) => {
      began ??= performance.now();
      await tx.rows.query('INSERT INTO effect (position, stream) VALUES (?, ?)', [position, stream]);
      left -= 1;
      if (left === 0) tx.afterCommit(done);
    };
    const during = async (consumers, work) => {
      const backbone = await open(url, prefix);
      for (const consumer of consumers) backbone.bus.subscribe(consumer);
      await backbone.bus.start();
      await work(backbone);
      await backbone.bus.stop();
      await backbone.log.close();
    };
    const drain = { name: 'drain', startAt: 'now', handlers: [on(UserCreated, handle)] };
    // It follows its topics by then.
    await during([drain], () => delay(2_000));
    await during([], async (backbone) => {
      await fill(backbone, count);
      await published(backbone, count);
    });
    let took;
    await during([drain], async () => {
      await finished;
      took = (performance.now() - began) / 1_000;
    });
    return count / took;
  });
}

/** Of what is committed after the first seconds of the same load: before, both processes still compile. */
async function latencyRound(rate = 1_000, warmSeconds = 5, forSeconds = 12) {
  return onFresh(async ({ url, prefix }) => {
    const backbone = await open(url, prefix);
    await backbone.bus.start();
    const child = fork(import.meta.filename, ['handler', url, prefix]);
    await once(child, 'message');
    await delay(4_000);
    const committed = new Map();
    const begun = performance.now();
    const units = [];
    while (units.length < rate * forSeconds) {
      const due = Math.min(rate * forSeconds, ((performance.now() - begun) / 1_000) * rate);
      while (units.length < due) {
        const id = units.length + 1;
        units.push(
          backbone.log
            .transaction(async (tx) => tx.record(user(id)))
            .then(() => committed.set(id, performance.timeOrigin + performance.now())),
        );
      }
      await delay(1);
    }
    await Promise.all(units);
    const took = (performance.now() - begun) / 1_000;
    await delay(2_000);
    child.send('report');
    const handled = new Map(...(await once(child, 'message')));
    child.kill('SIGKILL');
    await backbone.bus.stop();
    await backbone.log.close();
    const warm = [...committed].filter(([id]) => id > rate * warmSeconds);
    const waits = warm.filter(([id]) => handled.has(id)).map(([id, at]) => handled.get(id) - at);
    waits.sort((a, b) => a - b);
    const at = (share) => waits[Math.floor(waits.length * share)].toFixed(1);
    return { p50: at(0.5), p99: at(0.99), seen: waits.length, rate: committed.size / took };
  });
}

const middle = (rounds, figure) => median(rounds.map(figure));
const rounds = [];
for (let round = 0; round < ROUNDS; round += 1) rounds.push(await relayRound());
say(`${EVENTS} events, medians of ${ROUNDS} rounds, events/s`);
say(`  read alone (mysql2, pages of 500)     ${middle(rounds, ({ read }) => read).toFixed(0)}`);
say(`  sendBatch alone (kafkajs as it is)     ${middle(rounds, ({ send }) => send).toFixed(0)}`);
say(`  the relay: number, read, publish      ${middle(rounds, ({ relay }) => relay).toFixed(0)} (bar: 15,000)`);
const slower = ({ read, send, relay }) => relay / Math.min(read, send);
say(`  ÷ the slower of both                  ${middle(rounds, slower).toFixed(2)} (bar: 0.6)`);
const consumed = [];
for (let round = 0; round < ROUNDS; round += 1) consumed.push(await consumeRound());
say(`consumed with one effect row each       ${median(consumed).toFixed(0)} (bar: 8,000)`);
const latencies = [];
for (let round = 0; round < ROUNDS; round += 1) latencies.push(await latencyRound());
const { p50, p99, seen, rate } = latencies.toSorted((a, b) => a.p50 - b.p50)[Math.floor(ROUNDS / 2)];
say(
  `commit to handler in another process at ${rate.toFixed(0)}/s: p50 ${p50} ms, p99 ${p99} ms of ${seen} (bar: p50 15 ms)`,
);
process.exit(0);
