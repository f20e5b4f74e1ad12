// A process that works through the events that wait for a slow consumer, and prints by how much its memory grew.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type DomainEvent, UserCreated } from '@magasin/contracts';
import { Logger } from '@nestjs/common';
import { on } from '../event-bus';
import { type Address, openProcess } from './effects';

const MEGABYTE = 1024 * 1024;
const LOOK_EVERY = 2_500;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is still needed: how soon garbage goes depends on what else the machine does. In bytes. */
function memoryInUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function main({ address, events }: { address: Address; events: number }): Promise<void> {
  Logger.overrideLogger(false);
  const { log, bus } = await openProcess(address);
  const before = memoryInUse();
  let peak = before;
  let seen = 0;
  const handle = async (_: DomainEvent): Promise<void> => {
    seen += 1;
    if (seen % LOOK_EVERY === 0) peak = Math.max(peak, memoryInUse());
    await nextTurn();
  };
  bus.subscribe({ name: 'slow', handlers: [on(UserCreated, handle)] });
  await bus.start();
  while (bus.counts('slow').handled < events) await delay(10);
  await bus.stop();
  await log.close();
  process.stdout.write(String(Math.round((peak - before) / MEGABYTE)));
}

void main(JSON.parse(process.argv[2]) as { address: Address; events: number });
