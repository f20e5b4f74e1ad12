// `npm run compare`: the way of an order in `sync` and in `async` while payments is fast, slow, hangs, and is down. Two real
// processes, the store with coolriel and payments, on SQLite; at last the shop in one, as `npm start` has it. EVENT_BUS=kafka
// and a DATABASE_URL of a server are heeded, with a database and topics that are made for it and removed. It ends with 1
// when an order is lost or gets no link.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Payments, startStore } from './compare-shop.mjs';
import { ownPlace } from './own-place.mjs';
import { machine, quantile, table } from './table.mjs';
import { say } from './with-server.mjs';

const USAGE = `npm run compare -- [--orders 40] [--per-second 10]

orders      so many in each of the nine cases
per-second  they come so fast, whether those before them are answered or not`;

const PAYMENTS_TIMEOUT = 2;
/** How payments is while orders come, and how it is made well again when all are answered. */
const CASES = {
  fast: async () => () => undefined,
  'slow: works 0.1 s of each second': async (payments) => payments.nap(900, 100),
  'hangs, until all are answered': async (payments) => {
    await payments.freeze();
    return () => payments.wake();
  },
  'down, until all are answered': async (payments) => {
    await payments.kill();
    return () => payments.start();
  },
};
/** Until then an order has its link, or never. In milliseconds. */
const PATIENCE = 180_000;

function wanted() {
  const whole = { type: 'string' };
  const { values } = parseArgs({ options: { orders: whole, 'per-second': whole } });
  const { orders = '40', 'per-second': perSecond = '10' } = values;
  if (![orders, perSecond].every((text) => /^[1-9]\d{0,4}$/.test(text))) throw new Error('accepted are whole numbers');
  return { orders: Number(orders), perSecond: Number(perSecond) };
}

async function post(url, body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

const hasLink = async (store, id) => Boolean((await (await fetch(`${store}/orders/${id}`)).json()).payment_link);

/** One order, from its request to the moment when whoever was answered looks at it. */
async function order(store) {
  const began = performance.now();
  const body = { user_id: 1, items: [{ product_id: 1, quantity: 1 }] };
  const answer = await post(`${store}/orders`, body).catch(() => ({ status: 0 }));
  const answered = performance.now();
  const kept = answer.status === 201;
  const id = answer.body?.order_id;
  return { took: answered - began, answered, kept, id, withLink: kept && (await hasLink(store, id)) };
}

/** How long after its answer the order has a link, in milliseconds, 0 when it had it with the answer; undefined: never. */
async function linkOf(store, { id, answered, withLink }) {
  if (withLink) return 0;
  for (let pause = 5; performance.now() - answered < PATIENCE; pause = Math.min(200, pause * 1.3)) {
    await delay(pause);
    if (await hasLink(store, id)) return performance.now() - answered;
  }
  return undefined;
}

async function measure(store, payments, begin, { orders, perSecond }) {
  const makeWell = await begin(payments);
  const links = [];
  const began = performance.now();
  const answers = Array.from({ length: orders }, async (_, number) => {
    await delay(Math.max(0, (number / perSecond) * 1_000 - (performance.now() - began)));
    const answer = await order(store);
    if (answer.kept) links.push(linkOf(store, answer));
    return answer;
  });
  const answered = await Promise.all(answers);
  await makeWell();
  return { answered, links: await Promise.all(links) };
}

const milliseconds = (value) => (value === undefined ? '–' : value.toFixed(value < 10 ? 1 : 0));

const TITLES = ['mode', 'payments', 'answer, ms: p50', 'p95', 'max', '201', 'with link', 'link later'];

function row({ mode, name, answered, links }) {
  const took = answered.map((answer) => answer.took);
  const kept = answered.filter((answer) => answer.kept).length;
  const later = links.filter((link) => link > 0);
  const waits = [quantile(later, 0.5), later.length > 0 ? Math.max(...later) : undefined];
  return [
    mode,
    name,
    ...[quantile(took, 0.5), quantile(took, 0.95), Math.max(...took)].map(milliseconds),
    `${((kept / answered.length) * 100).toFixed(0)} %`,
    links.filter((link) => link === 0).length,
    later.length,
    ...waits.map(milliseconds),
  ];
}

/** A shop in a place of its own, which is there as long as it is measured. */
async function withPlace(measureIn) {
  const folder = mkdtempSync(join(tmpdir(), 'compare-'));
  const place = await ownPlace(folder);
  try {
    return await measureIn(folder, { ...place.settings, PAYMENTS_TIMEOUT: String(PAYMENTS_TIMEOUT) });
  } finally {
    await place.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing is measured before everybody has done it some times. */
async function warmUp(store, payments) {
  await post(`${store}/stocks`, { product_id: 1, quantity: 1_000_000 });
  await measure(store, payments, CASES.fast, { orders: 20, perSecond: 20 });
}

const inTwoProcesses = (mode, load) =>
  withPlace(async (folder, settings) => {
    const shop = { ...settings, PAYMENTS_MODE: mode };
    const payments = await Payments.on(folder, shop);
    let store;
    try {
      await payments.start();
      store = await startStore(folder, { ...shop, APPS: 'store-manager,coolriel', PAYMENTS_URL: payments.url });
      await warmUp(store.url, payments);
      const all = [];
      for (const [name, begin] of Object.entries(CASES))
        all.push({ mode, name, ...(await measure(store.url, payments, begin, load)) });
      return all;
    } finally {
      await payments.kill();
      await store?.kill();
    }
  });

const inOneProcess = (load) =>
  withPlace(async (folder, settings) => {
    const store = await startStore(folder, { ...settings, PAYMENTS_PORT: '0' });
    try {
      await warmUp(store.url);
      return [
        {
          mode: 'async',
          name: 'fast, in the same process',
          ...(await measure(store.url, undefined, CASES.fast, load)),
        },
      ];
    } finally {
      await store.kill();
    }
  });

async function compare(load) {
  const all = [
    await inTwoProcesses('sync', load),
    await inTwoProcesses('async', load),
    await inOneProcess(load),
  ].flat();
  const { orders, perSecond } = load;
  const { DATABASE_URL = 'sqlite', EVENT_BUS = 'database' } = process.env;
  say(
    `${orders} orders in each case, ${perSecond} a second; PAYMENTS_TIMEOUT=${PAYMENTS_TIMEOUT}; ` +
      `${DATABASE_URL.split(':')[0]}, bus ${EVENT_BUS}\n${machine(availableParallelism())}\n`,
  );
  say(table([[...TITLES, 'ms after the 201: p50', 'max'], ...all.map(row)]));
  const lost = all.reduce((sum, { links }) => sum + orders - links.filter((link) => link !== undefined).length, 0);
  if (lost > 0) say(`\n${lost} orders were not kept, or got no link in ${PATIENCE / 1_000} s.`);
  return lost === 0;
}

// Nobody is left behind, asleep.
process.once('SIGINT', () => process.exit(130));
let load;
try {
  load = wanted();
} catch (error) {
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exit(2);
}
process.exit((await compare(load)) ? 0 : 1);
