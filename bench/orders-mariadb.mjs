// `node bench/orders-mariadb.mjs [seconds]`: POST /orders on MariaDB with its event relayed to Kafka, against the plain way:
// the same Nest app with TypeORM's save() and emit() after the commit, which can lose the event. Needs `npm run services`.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { Kafka, logLevel } from 'kafkajs';
import { createConnection } from 'mysql2/promise';
import { median, say } from './with-server.mjs';

const SECONDS = Number(process.argv[2] ?? 3);
const ROUNDS = 5;
const CONNECTIONS = 32;
const SERVER = process.env.MARIADB_URL || 'mariadb://root@127.0.0.1:3306';
const brokers = (process.env.KAFKA_BROKERS || '127.0.0.1:9092').split(',');
const name = `bench_${randomBytes(4).toString('hex')}`;
const body = JSON.stringify({
  user_id: 1,
  items: [
    { product_id: 1, quantity: 1 },
    { product_id: 2, quantity: 1 },
  ],
});

const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
await admin.connect();
const servers = [];
for (const kind of ['plain', 'ours']) {
  const prefix = `${name}-${kind}-`;
  await admin.createTopics({ topics: [{ topic: `${prefix}order-events`, numPartitions: 3 }], waitForLeaders: true });
  const url = new URL(`/${name}_${kind}`, SERVER).href;
  const child = fork(join(import.meta.dirname, 'server-mariadb.mjs'), [kind, url, prefix]);
  const [{ port }] = await once(child, 'message');
  servers.push({ kind, child, port, rates: [] });
}
for (let round = -1; round < ROUNDS; round += 1) {
  for (const { port, rates } of servers) {
    const { requests, non2xx, errors } = await autocannon({
      url: `http://127.0.0.1:${port}/orders`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      connections: CONNECTIONS,
      duration: SECONDS,
    });
    if (non2xx + errors > 0) throw new Error(`${non2xx} refused, ${errors} errors`);
    // The first round warms them up.
    if (round >= 0) rates.push(requests.average);
  }
}
const [plain, ours] = servers.map(({ rates }) => rates);
const ratio = median(ours.map((rate, round) => rate / plain[round]));
say(
  `POST /orders on MariaDB, two lines, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${SECONDS} s by turns`,
);
say(`  the plain way: save(), emit() after the commit  ${median([...plain]).toFixed(0)} /s`);
say(
  `  with its event in the transaction, and relayed  ${median([...ours]).toFixed(0)} /s  ${ratio.toFixed(2)} (bar: 1.0)`,
);

for (const { child } of servers) child.kill('SIGKILL');
const { hostname: host, port, username: user, password } = new URL(SERVER);
const connection = await createConnection({ host, port: Number(port), user, password });
for (const { kind } of servers) await connection.query(`DROP DATABASE IF EXISTS ${name}_${kind}`);
await connection.end();
const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(name));
if (topics.length > 0) await admin.deleteTopics({ topics });
await admin.disconnect();
process.exit(0);
