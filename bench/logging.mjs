// `node bench/logging.mjs [seconds]`: what the line of each request costs POST /users, the whole shop, in one run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';

const SECONDS = Number(process.argv[2] ?? 6);
const ROUNDS = 5;
const MAIN = join(import.meta.dirname, '../dist/apps/magasin/src/main.js');
let number = 0;

async function post(url, duration) {
  const body = () => JSON.stringify({ name: 'Grace Hopper', email: `u${number++}@example.com`, user_type_id: 1 });
  const result = await autocannon({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    connections: 32,
    duration,
    setupClient: (client) => {
      client.setBody(body());
      client.on('response', () => client.setBody(body()));
    },
  });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} errors`);
  return { perSecond: result.requests.average, requests: result.requests.total };
}

/** Seconds of CPU that the shop has used: the other figure depends on who else uses the machine. */
async function cpu(url) {
  const text = await (await fetch(new URL('/metrics', url))).text();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)[1]);
}

/** A shop of its own under load: requests a second and CPU a request. */
async function measure(LOG_LEVEL) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const log = join(folder, 'log');
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: { ...process.env, LOG_LEVEL, STORE_MANAGER_PORT: '0', PAYMENTS_PORT: '0', COOLRIEL_PORT: '0' },
    stdio: ['ignore', 'pipe', openSync(log, 'w')],
  });
  const [banner] = await once(child.stdout, 'data');
  const url = /API\s+(\S+)/.exec(banner.toString())[1];
  try {
    await post(url, 2);
    const before = await cpu(url);
    const { perSecond, requests } = await post(url, SECONDS);
    const micros = (((await cpu(url)) - before) / requests) * 1e6;
    child.kill('SIGTERM');
    await once(child, 'exit');
    return { perSecond, micros };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const rounds = { info: [], warn: [] };
for (let round = 0; round < ROUNDS; round++) {
  // The order changes, so that neither is always the one that comes second.
  for (const level of round % 2 === 0 ? ['warn', 'info'] : ['info', 'warn']) rounds[level].push(await measure(level));
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const figure = (level, name) => median(rounds[level].map((round) => round[name]));
const compare = (title, name) => {
  const [warn, info] = ['warn', 'info'].map((level) => figure(level, name));
  process.stdout.write(`  ${title} warn ${warn.toFixed(0)}, info ${info.toFixed(0)}: ${(info / warn).toFixed(3)}\n`);
};
process.stdout.write(`POST /users with LOG_LEVEL warn and info, medians of ${ROUNDS} rounds of ${SECONDS} s\n`);
compare('requests/s, 32 connections:', 'perSecond');
compare('µs of CPU a request:       ', 'micros');
