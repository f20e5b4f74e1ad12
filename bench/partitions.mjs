// `npm run partitions`: what partitions give a consumer whose handler waits 20 ms for each event. Topics of 1, 2, 4 and 8
// partitions on Kafka, a consumer with its progress on MariaDB in one process and, at last, in two. Prints a table and
// draws it: output/partitions.svg. Needs `npm run services`.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { addressOf, SERVICES } from '../scripts/services/services.mjs';
import { ownPlace } from './own-place.mjs';
import { plot } from './plot.mjs';
import { machine, table } from './table.mjs';
import { say } from './with-server.mjs';

const USAGE = `npm run partitions -- [--events 1000]

events  so many are taken in each of the five rounds`;

const ROUNDS = [
  { partitions: 1, processes: 1 },
  { partitions: 2, processes: 1 },
  { partitions: 4, processes: 1 },
  { partitions: 8, processes: 1 },
  { partitions: 8, processes: 2 },
];
const EVENTS_A_STREAM = 4;
const WAIT_MS = 20;

function wanted() {
  const { values } = parseArgs({ options: { events: { type: 'string' } } });
  const { events = '1000' } = values;
  if (!/^[1-9]\d{1,6}$/.test(events)) throw new Error('accepted is a whole number from 10');
  return Number(events);
}

/** One process of the consumer. It tells when it began with its first event, and of each event that it has committed. */
async function startMember(place, partitions) {
  const child = fork(join(import.meta.dirname, 'partitions-member.mjs'), [
    String(partitions),
    String(WAIT_MS),
    JSON.stringify(place.settings),
  ]);
  const ended = once(child, 'exit');
  const opened = await Promise.race([once(child, 'message'), ended.then(() => false)]);
  if (!opened) throw new Error('A process of the consumer ended before it was ready.');
  return { child, ended };
}

async function isShared(admin, group, processes) {
  const { groups } = await admin.describeGroups([group]);
  return groups[0].state === 'Stable' && groups[0].members.length === processes;
}

/** @returns events per second, from the beginning of the first one to the commit of the last. */
async function measure(members, events) {
  const versions = new Map();
  let [began, ended, count] = [Infinity, 0, 0];
  const all = new Promise((done, fail) => {
    for (const { child } of members) {
      child.on('message', (told) => {
        if (told.began) began = Math.min(began, told.began);
        if (!told.stream) return;
        const { stream, version, at } = told;
        if (version !== (versions.get(stream) ?? 0) + 1)
          fail(new Error(`${stream}: version ${version} is out of order`));
        versions.set(stream, version);
        ended = Math.max(ended, at);
        count += 1;
        if (count === events) done();
      });
      child.once('exit', () => fail(new Error('A process of the consumer ended.')));
    }
  });
  members[0].child.send({ fill: events, streams: Math.ceil(events / EVENTS_A_STREAM) });
  await all;
  return (count / (ended - began)) * 1_000;
}

async function round({ partitions, processes }, events, brokers) {
  const DATABASE_URL = addressOf(SERVICES.mariadb);
  const place = await ownPlace('', { DATABASE_URL, EVENT_BUS: 'kafka', KAFKA_BROKERS: brokers });
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  const members = [];
  try {
    await admin.connect();
    for (let index = 0; index < processes; index += 1) members.push(await startMember(place, partitions));
    while (!(await isShared(admin, `${place.settings.KAFKA_PREFIX}waits`, processes))) await delay(100);
    return await measure(members, events);
  } finally {
    await admin.disconnect();
    for (const { child } of members) child.removeAllListeners('exit');
    const gone = members.map(async ({ child }) => {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.send({ stop: true });
      await exit;
    });
    await Promise.all(gone);
    await place.remove();
  }
}

async function main() {
  const events = wanted();
  const brokers = addressOf(SERVICES.kafka);
  for (const service of [SERVICES.kafka, SERVICES.mariadb]) {
    const address = addressOf(service);
    await service.ask(address).catch((error) => {
      throw new Error(`${service.title} does not answer at ${address}: ${error.message}. Start it: npm run services`);
    });
  }
  const measured = [];
  for (const each of ROUNDS) measured.push({ ...each, rate: await round(each, events, brokers) });
  const [{ rate: single }] = measured;
  say(
    `${events} events, a handler that waits ${WAIT_MS} ms for each; MariaDB, Kafka\n${machine(availableParallelism())}\n`,
  );
  const rows = measured.map(({ partitions, processes, rate }) => [
    partitions,
    processes,
    rate.toFixed(0),
    (rate / single).toFixed(2),
  ]);
  say(table([['partitions', 'processes', 'events/s', '× one partition'], ...rows]));
  const folder = process.env.OUTPUT_FOLDER || 'output';
  mkdirSync(folder, { recursive: true });
  const file = resolve(folder, 'partitions.svg');
  writeFileSync(file, plot(measured, `Events per second of a consumer whose handler waits ${WAIT_MS} ms`));
  say(`\n${file}`);
}

main().then(
  () => process.exit(0),
  (error) => {
    const usage = /accepted|option/i.test(error.message);
    process.stderr.write(`${error.message}\n${usage ? `\n${USAGE}\n` : ''}`);
    process.exit(usage ? 2 : 1);
  },
);
