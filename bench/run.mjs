// `npm run bench`: pairs measured in one run, printed as ratios. Figures of this machine, at this hour: believe the ratios.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { median, say, withServer } from './with-server.mjs';

const SECONDS = Number(process.argv[2] ?? 6);
const ROUNDS = 3;
let number = 0;

const body = () => JSON.stringify({ name: 'Grace Hopper', email: `u${number++}@example.com`, user_type_id: 1 });

async function post(port, { connections = 32, seconds = SECONDS, rate } = {}) {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}/users`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    connections,
    duration: seconds,
    ...(rate && { overallRate: rate }),
    setupClient: (client) => {
      client.setBody(body());
      client.on('response', () => client.setBody(body()));
    },
  });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} errors`);
  return result;
}

const perSecond = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const kind of ['nothing', 'row', 'event', 'shop']) {
    const result = await withServer(kind, async ({ port }) => {
      await post(port, { seconds: 2 });
      return post(port);
    });
    (perSecond[kind] ??= []).push(result.requests.average);
  }
}
const [nothing, row, event, shop] = ['nothing', 'row', 'event', 'shop'].map((kind) => median(perSecond[kind]));
say(`POST /users, 32 connections, requests/s, median of ${ROUNDS} rounds of ${SECONDS} s`);
say(`  validation, no database   ${nothing.toFixed(0)}`);
say(`  + the row                 ${row.toFixed(0)}`);
say(
  `  + the event               ${event.toFixed(0)}   costs ${((1 - event / row) * 100).toFixed(1)} % of the row alone (bar: 15 %)`,
);
say(`  + coolriel and its sender ${shop.toFixed(0)}`);
say(
  `  with the event / no database: ${(event / nothing).toFixed(2)}; the whole shop: ${(shop / nothing).toFixed(2)} (bar: 0.5)`,
);

const { p50, p99, count } = await withServer('event', ({ ask }) => ask('latency', { rate: 500, seconds: 6 }));
say(
  `commit → handler at 500 units/s: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${count} units (bar: p50 5 ms)`,
);

const BACKLOG = 100_000;
await withServer('event', async ({ port, ask }) => {
  await ask('backlog', BACKLOG);
  const draining = ask('drain', BACKLOG);
  const load = await post(port, { connections: 8, seconds: 5, rate: 200 });
  const took = await draining;
  say(`backlog of ${BACKLOG}, one effect row each, beside 200 POST /users a second:`);
  say(
    `  ${((BACKLOG / took) * 1_000).toFixed(0)} events/s (bar: 10,000); POST p50 ${load.latency.p50} ms, p99 ${load.latency.p99} ms (bar: 100 ms)`,
  );
  say(`  RSS after ${await ask('head')} events: ${await ask('rss')} MB`);
});

await withServer('idle', async ({ ask }) => {
  await new Promise((done) => setTimeout(done, 2_000));
  const before = await ask('statements');
  await new Promise((done) => setTimeout(done, 20_000));
  say(`idle: ${(((await ask('statements')) - before) / 20).toFixed(2)} statements/s (bar: 1)`);
});

const ready = [];
for (let round = 0; round < 5; round++) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const started = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../dist/apps/magasin/src/main.js')], {
    cwd: folder,
    env: { ...process.env, STORE_MANAGER_PORT: '0', PAYMENTS_PORT: '0', COOLRIEL_PORT: '0' },
  });
  await once(child.stdout, 'data');
  ready.push(performance.now() - started);
  child.kill('SIGKILL');
  await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
say(`ready, built: ${(median(ready) / 1_000).toFixed(2)} s (bar: 3 s)`);
