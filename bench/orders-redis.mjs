// `node bench/orders-redis.mjs [seconds]`: GET /orders/:id and the reports, of the store on MariaDB, read from its tables and
// from Redis. For orders, Redis is a prototype that has all it needs there: a hash for each, kept by nobody. Needs
// `npm run services`.
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import autocannon from 'autocannon';
import { createClient } from '@redis/client';
import { createConnection } from 'mysql2/promise';
import { median, say } from './with-server.mjs';

const ROUNDS = 5;
const CONNECTIONS = 32;
const ORDERS = 500;
const REDIS = process.env.REDIS_URL || 'redis://127.0.0.1:6379';
const SERVER = process.env.MARIADB_URL || 'mariadb://root@127.0.0.1:3306';

if (process.send) await serveStore(process.argv[2], process.argv[3]);
else await compare(Number(process.argv[2] ?? 3));

/** One store in a process of its own: `table`, or `redis`. */
async function serveStore(kind, url) {
  const require = createRequire(import.meta.url);
  require('reflect-metadata');
  const { openBackbone } = require('../dist/libs/event-bus/src/index.js');
  const { serve } = require('../dist/libs/hosting/src/index.js');
  const store = '../dist/apps/store-manager/src';
  const { StoreManagerModule, StoreManagerSettings } = require(`${store}/index.js`);
  const { AddOrder } = require(`${store}/orders/commands/add-order.js`);
  const { ReadOrder, ReadOrderHandler } = require(`${store}/orders/queries/read-order.js`);
  const { CommandBus, QueryBus } = require('@nestjs/cqrs');

  const backbone = await openBackbone({
    url,
    modules: [StoreManagerModule],
    ...(kind === 'redis' && { redis: REDIS }),
  });
  await backbone.log.transaction((tx) => tx.rows.query('UPDATE stocks SET quantity = 2000000000'));
  const app = await serve(StoreManagerModule.with(backbone, new StoreManagerSettings()), {
    host: '127.0.0.1',
    port: 0,
    setting: 'PORT',
  });
  await backbone.bus.start();
  const items = [1, 2].map((product_id) => ({ product_id, quantity: 1 }));
  const order = Object.assign(new AddOrder(), { user_id: 1, items });
  for (let made = 0; made < ORDERS; made += 10)
    await Promise.all(Array.from({ length: 10 }, () => app.get(CommandBus).execute(order)));
  const head = await backbone.log.history.end();
  while ((await backbone.bus.status()).some(({ position }) => position < head))
    await new Promise((done) => setTimeout(done, 100));
  const keys = (id) => `bench:${backbone.log.identity}:order:${id}`;
  const client = await createClient({ url: REDIS }).connect();
  if (kind === 'redis') {
    for (let id = 1; id <= ORDERS; id += 1) {
      const { items: lines, ...view } = await app.get(QueryBus).execute(new ReadOrder(id));
      const texts = Object.entries(view).map(([name, value]) => [name, JSON.stringify(value)]);
      await client.hSet(keys(id), Object.fromEntries([...texts, ['items', JSON.stringify(lines)]]));
    }
    ReadOrderHandler.prototype.execute = async ({ id }) => {
      const found = Object.entries(await client.hGetAll(keys(id)));
      if (found.length === 0) throw new Error('It is not there.');
      return Object.fromEntries(found.map(([name, text]) => [name, JSON.parse(text)]));
    };
  }
  const clear = async () => {
    await app.close();
    for await (const found of client.scanIterator({ MATCH: `*${backbone.log.identity}*` }))
      if (found.length > 0) await client.del(found);
    process.send('cleared');
  };
  process.on('message', (message) => {
    if (message === 'cpu') process.send(process.cpuUsage());
    else void clear();
  });
  process.send({ port: app.getHttpServer().address().port });
}

async function compare(seconds) {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const servers = [];
  for (const kind of ['table', 'redis']) {
    const child = fork(import.meta.filename, [kind, new URL(`/${name}_${kind}`, SERVER).href]);
    const [{ port }] = await once(child, 'message');
    servers.push({ kind, child, port });
  }
  const computed = async ({ child }) => {
    child.send('cpu');
    const [{ user, system }] = await once(child, 'message');
    return user + system;
  };
  const requests = Array.from({ length: ORDERS }, (_, index) => ({ path: `/orders/${index + 1}` }));
  const routes = {
    'GET /orders/:id': requests,
    'GET /orders/reports/best-sellers': [{ path: '/orders/reports/best-sellers' }],
  };
  for (const [route, paths] of Object.entries(routes)) {
    const seen = { table: [], redis: [] };
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const server of servers) {
        const before = await computed(server);
        const result = await autocannon({
          url: `http://127.0.0.1:${server.port}`,
          requests: paths,
          connections: CONNECTIONS,
          duration: seconds,
        });
        if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} errors`);
        const cpu = ((await computed(server)) - before) / result.requests.total;
        // The first round warms them up.
        if (round >= 0) seen[server.kind].push({ rate: result.requests.average, p50: result.latency.p50, cpu });
      }
    }
    say(`${route} on MariaDB, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${seconds} s by turns`);
    for (const [kind, rounds] of Object.entries(seen)) {
      const of = (figure) => median(rounds.map((round) => round[figure]));
      say(
        `  from ${kind === 'table' ? 'the tables' : 'Redis     '}  ${of('rate').toFixed(0)} /s, ${of('p50')} ms, ${of('cpu').toFixed(0)} µs of the server for each`,
      );
    }
  }
  for (const { child } of servers) {
    child.send('clear');
    await once(child, 'message');
    child.kill('SIGKILL');
  }
  const { hostname: host, port, username: user, password } = new URL(SERVER);
  const connection = await createConnection({ host, port: Number(port), user, password });
  for (const { kind } of servers) await connection.query(`DROP DATABASE IF EXISTS ${name}_${kind}`);
  await connection.end();
  process.exit(0);
}
