// `node bench/constant.mjs [large [part of a route]]`: what does a request cost on 1,000 orders and events, and what on
// 1,000,000? Two shops, one on each, are asked by turns: the ratio is what counts, the figures are this machine's at this hour.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import Sqlite from 'better-sqlite3';

const SMALL = 1_000;
const LARGE = Number(process.argv[2] ?? 1_000_000);
const ASKED = process.argv[3] ?? '';
const ROUNDS = 300;
const MAIN = join(import.meta.dirname, '../dist/apps/magasin/src/main.js');

/** By app; `$` stands for the size. A route that refuses is told, and left out. */
const REQUESTS = [
  ['store', '/orders/reports/best-sellers'],
  ['store', '/orders/reports/highest-spenders'],
  ['store', '/orders'],
  ['store', '/orders/500'],
  ['store', 'POST /orders'],
  ['store', '/metrics'],
  ['coolriel', '/metrics'],
  ['store', '/health/ready'],
  ['store', '/events'],
  ['store', '/events?order=desc'],
  ['store', '/events?type=UserDeleted'],
  ['store', '/events?stream=user-500'],
  ['store', '/events/$'],
  ['coolriel', '/emails'],
  ['coolriel', '/emails?state=queued'],
  ['coolriel', '/emails/500'],
  ['coolriel', '/mailbox'],
  ['store', '/admin/consumers'],
  ['store', '/admin/instances'],
  ['store', '/admin/parked'],
  ['store', '/admin/parked/streams'],
  ['store', '/admin/audit'],
];

const folder = mkdtempSync(join(tmpdir(), 'constant-'));

async function start(size) {
  const cwd = join(folder, String(size));
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: {
      ...process.env,
      DATABASE_URL: `sqlite:${cwd}.sqlite`,
      OUTPUT_FOLDER: `${cwd}-output`,
      LOG_LEVEL: 'warn',
      STORE_MANAGER_PORT: '0',
      PAYMENTS_PORT: '0',
      COOLRIEL_PORT: '0',
    },
    stdio: ['ignore', 'pipe', openSync(`${cwd}.log`, 'a')],
  });
  const [banner] = await once(child.stdout, 'data');
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  const [store] = /\S+(?=\/users)/.exec(banner.toString());
  const [coolriel] = /\S+(?=\/emails)/.exec(banner.toString());
  return { size, store, coolriel, stop };
}

/** Two lines. */
const ORDER = {
  user_id: 1,
  items: [
    { product_id: 1, quantity: 1 },
    { product_id: 2, quantity: 1 },
  ],
};

/**
 * A log of so many events, all taken by the consumers, a sent e-mail and an audited repair of each; and so many orders, each
 * of another user and of two products of its own as far as the reports know. Written past the shop.
 */
async function fill(size) {
  // The shop makes its own tables, whatever they look like by now.
  await (await start(size)).stop();
  const database = new Sqlite(join(folder, `${size}.sqlite`));
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)';
  const { id: source } = database.prepare('SELECT id FROM log_identity').get();
  const began = Date.now() - size;
  database.exec('BEGIN');
  database
    .prepare(
      `${numbers} INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
       SELECT unhex(printf('%012x', ? + i) || '7' || printf('%03x', i % 4096) || '8000' || printf('%012x', i)),
         'UserCreated', 'user-' || i, 1,
         printf('{"event":"UserCreated","id":%d,"name":"Grace Hopper","email":"u%d@example.com","user_type_id":1,' ||
           '"datetime":"2026-11-23 16:00:41.491437"}', i, i),
         '{"schema_version":1}', ? + i FROM n`,
    )
    .run(size, began, began);
  database.prepare(`${numbers} INSERT INTO stream_head SELECT 'user-' || i, 1 FROM n`).run(size);
  database.prepare('UPDATE consumer_progress SET position = ?').run(size);
  insert(database, 'email', emails(source), numbers, size);
  insert(database, 'audit', {}, numbers, size);
  insert(database, 'orders', { id: 'i', user_id: 'i % 3 + 1', is_paid: 'i % 2' }, numbers, size);
  for (const product_id of ['1', '2']) insert(database, 'order_items', { order_id: 'i', product_id }, numbers, size);
  database.exec('UPDATE stocks SET quantity = 2147483647');
  insert(database, 'best_sellers', { instance: "'best-sellers'" }, numbers, 2 * size);
  insert(database, 'highest_spenders', { instance: "'highest-spenders'", deleted: '0' }, numbers, size);
  database.exec('COMMIT');
  database.close();
}

const emails = (source) => ({
  event_id: "lower(printf('%08x-0000-7000-8000-%012x', i, i))",
  source: `'${source}'`,
  template: "'welcome'",
  recipient: "'u' || i || '@example.com'",
  message_id: "'<' || i || '@example.com>'",
  html: "'<p>Bienvenue</p>'",
  state: "'sent'",
});

/** Columns come and go: each gets what its type asks for, unless it is named in the values. */
function insert(database, table, values, numbers, size) {
  const columns = database.pragma(`table_info(${table})`).filter(({ name }) => name !== 'id' || values.id);
  const value = ({ name, type, notnull }) => values[name] ?? (notnull ? (type === 'INTEGER' ? 'i' : "'x'") : 'NULL');
  database
    .prepare(
      `${numbers} INSERT INTO ${table} (${columns.map(({ name }) => name).join(', ')})
       SELECT ${columns.map(value).join(', ')} FROM n`,
    )
    .run(size);
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function time(shop, app, request) {
  const [path, method = 'GET'] = request.split(' ').toReversed();
  const began = performance.now();
  const response = await fetch(shop[app] + path.replace('$', shop.size), {
    method,
    ...(method === 'POST' && { body: JSON.stringify(ORDER), headers: { 'content-type': 'application/json' } }),
  });
  await response.arrayBuffer();
  return { took: performance.now() - began, ok: response.ok };
}

try {
  for (const size of [SMALL, LARGE]) await fill(size);
  const shops = [await start(SMALL), await start(LARGE)];
  process.stdout.write(`median of ${ROUNDS} requests, ms            ${SMALL} events   ${LARGE} events   ratio\n`);
  for (const [app, request] of REQUESTS.filter(([, one]) => one.includes(ASKED))) {
    const times = [[], []];
    let answered = true;
    // The first tenth is for the caches.
    for (let round = -ROUNDS / 10; round < ROUNDS && answered; round++) {
      for (const [index, shop] of shops.entries()) {
        const { took, ok } = await time(shop, app, request);
        answered &&= ok;
        if (round >= 0) times[index].push(took);
      }
    }
    const [small, large] = times.map(median);
    const figures = answered
      ? `${small.toFixed(2).padStart(8)} ${large.toFixed(2).padStart(16)} ${(large / small).toFixed(2).padStart(12)}`
      : '    refused';
    process.stdout.write(`${`${app} ${request}`.padEnd(40)} ${figures}\n`);
  }
  for (const shop of shops) await shop.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
