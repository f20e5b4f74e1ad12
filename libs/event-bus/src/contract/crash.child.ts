// A process that works through a scenario and is killed just before its n-th statement. It prints what was acknowledged.
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { type Address, openProcess } from './effects';
import { AT_ONCE, eventsOf, type Scenario, subscribeAll, writeUnits } from './scenario';

export interface CrashOrder {
  address: Address;
  scenario: Scenario;
  crashAt: number;
}

async function main({ address, scenario, crashAt }: CrashOrder): Promise<void> {
  Logger.overrideLogger(false);
  let statement = 0;
  const backbone = await openProcess(address, {
    retries: AT_ONCE,
    onStatement: () => {
      statement += 1;
      if (statement === crashAt) process.kill(process.pid, 'SIGKILL');
    },
  });
  subscribeAll(backbone, scenario);
  await backbone.bus.start();
  // Written at once: a line that stood in a buffer would die with the process.
  await writeUnits(backbone.log, scenario, (unit) => writeSync(1, `${unit}\n`));

  // Counted in memory, for a look into the database would be a statement.
  const done = (consumer: string): boolean => backbone.bus.counts(consumer).handled === eventsOf(scenario);
  while (!scenario.consumers.every(done)) await delay(1);
  await backbone.bus.stop();
  await backbone.log.close();
  writeSync(1, 'finished\n');
}

void main(JSON.parse(process.argv[2]) as CrashOrder);
