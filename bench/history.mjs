// `node bench/history.mjs [events]`: what reading the log costs, against better-sqlite3 alone, and whether pages stay quick.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import Sqlite from 'better-sqlite3';

const EVENTS = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 3;
const say = (line) => process.stdout.write(`${line}\n`);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const perSecond = (events, ms) => Math.round((events / ms) * 1_000);
const inThousands = (number) => Math.round(number).toLocaleString('en-US');

async function serve(folder) {
  const child = fork(join(import.meta.dirname, 'server.mjs'), ['event', folder]);
  const [{ port }] = await once(child, 'message');
  const stop = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** Ten events a stream, one a millisecond, one in a thousand of them a UserDeleted. */
function fill(file, count) {
  const database = new Sqlite(file);
  const started = performance.now();
  database.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}),
      e AS (SELECT i, iif(i % 1000, 'UserCreated', 'UserDeleted') AS type, (i - 1) / 10 + 1 AS user FROM n)
    INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
    SELECT randomblob(16), type, 'user-' || user, (i - 1) % 10 + 1,
      '{"event":"' || type || '","id":' || user || ',"name":"Grace Hopper","email":"u' || user ||
        '@example.com","user_type_id":1,"datetime":"2026-11-23 16:00:41.491000"}',
      '{"schema_version":1,"correlation_id":"0198f2c1-7a5b-7cc1-9d5e-' || printf('%012d', i) || '"}', 1790000000000 + i
    FROM e;
    INSERT INTO stream_head SELECT stream, max(version) FROM event_log GROUP BY stream`);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  return performance.now() - started;
}

/** The least that reading can cost: every column of every row, by the driver alone. */
function raw(file) {
  const database = new Sqlite(file, { readonly: true });
  const started = performance.now();
  let characters = 0;
  for (const row of database.prepare('SELECT * FROM event_log ORDER BY id').iterate()) characters += row.payload.length;
  const took = performance.now() - started;
  database.close();
  if (characters === 0) throw new Error('nothing was read');
  return took;
}

/** The built program, its start included. */
async function exported(folder, options) {
  const memory = join(folder, 'memory.cjs');
  writeFileSync(memory, "process.on('exit', () => process.send?.(process.resourceUsage().maxRSS));");
  const started = performance.now();
  const child = spawn(
    process.execPath,
    ['--require', memory, join(import.meta.dirname, '../dist/apps/magasin/src/history.js'), ...options],
    {
      cwd: folder,
      env: { ...process.env, DATABASE_URL: `sqlite:${folder}/bench.sqlite`, OUTPUT_FOLDER: join(folder, 'output') },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  const [[maxRss]] = await Promise.all([once(child, 'message'), once(child, 'close')]);
  return { took: performance.now() - started, count: Number(/^\d+/.exec(said)?.[0]), megabytes: maxRss / 1_024 };
}

async function streamed(url) {
  const started = performance.now();
  const answer = await fetch(`${url}/events`, { headers: { accept: 'application/x-ndjson' } });
  let lines = 0;
  for await (const chunk of answer.body) for (const byte of chunk) lines += byte === 10;
  return { took: performance.now() - started, lines };
}

async function quick(url, path) {
  const took = [];
  for (let round = 0; round < 200; round++) {
    const started = performance.now();
    const answer = await fetch(url + path);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
    if (round >= 50) took.push(performance.now() - started);
  }
  return median(took);
}

const pagesOf = (count) => {
  const middle = new Date(1_790_000_000_000 + count / 2).toISOString();
  return {
    'the newest 50': '/events?order=desc',
    '50 from the middle in time': `/events?from=${middle}`,
    '50 of one type': '/events?type=UserCreated',
    'one stream, from a time': `/events?stream=user-${count / 20}&from=2026-01-01`,
    'one stream at a moment': `/streams/user-${count / 20}?at=${middle}`,
    '50 of a rare type': '/events?type=UserDeleted',
  };
};

const times = {};
for (const count of [1_000, EVENTS]) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'bench.sqlite');
  try {
    // The first start makes the tables.
    const first = await serve(folder);
    await first.stop();
    const filled = fill(file, count);
    if (count === EVENTS) {
      say(`${inThousands(count)} events, filled in ${(filled / 1_000).toFixed(1)} s; median of ${ROUNDS} rounds`);
      const [rawly, lab, lines, rare] = [[], [], [], []];
      let megabytes = 0;
      for (let round = 0; round < ROUNDS; round++) {
        rawly.push(raw(file));
        const one = await exported(folder, []);
        const other = await exported(folder, ['--format', 'ndjson']);
        if (one.count !== count || other.count !== count) throw new Error(`${one.count} and ${other.count} events`);
        lab.push(one.took);
        lines.push(other.took);
        rare.push((await exported(folder, ['--type', 'UserDeleted'])).took);
        megabytes = Math.max(megabytes, one.megabytes, other.megabytes);
      }
      const report = (name, took) =>
        say(
          `  ${name.padEnd(30)} ${inThousands(perSecond(count, median(took))).padStart(9)} events/s` +
            `   ${(median(took) / median(rawly)).toFixed(2)} x the time of better-sqlite3 alone`,
        );
      report('better-sqlite3 alone', rawly);
      report('npm run history (bar: 50,000)', lab);
      report('  --format ndjson', lines);
      report('  --type UserDeleted (1 in 1000)', rare);
      say(`  memory at most ${megabytes.toFixed(0)} MB`);
    }
    const server = await serve(folder);
    if (count === EVENTS) {
      const { took, lines } = await streamed(server.url);
      if (lines !== count) throw new Error(`${lines} lines`);
      say(`  GET /events as lines           ${inThousands(perSecond(count, took)).padStart(9)} events/s`);
    }
    for (const [name, path] of Object.entries(pagesOf(count))) (times[name] ??= []).push(await quick(server.url, path));
    await server.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
say(`GET, one after the other, median ms: with 1,000 events, with ${inThousands(EVENTS)}`);
for (const [name, [small, large]] of Object.entries(times)) {
  say(`  ${name.padEnd(30)} ${small.toFixed(2)}   ${large.toFixed(2)}`);
}
