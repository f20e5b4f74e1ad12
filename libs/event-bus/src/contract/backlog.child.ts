// A process that works through the events that wait for a slow consumer, and prints by how much its memory grew.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { type DomainEvent, UserCreated } from '@magasin/contracts';
import { on } from '../event-bus';
import { type Address, openProcess } from './effects';

const MEGABYTE = 1024 * 1024;

async function main({ address, events }: { address: Address; events: number }): Promise<void> {
  const { log, bus } = await openProcess(address);
  const before = process.memoryUsage.rss();
  let peak = before;
  const handle = async (_: DomainEvent): Promise<void> => {
    peak = Math.max(peak, process.memoryUsage.rss());
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
