// A process with one consumer, that runs until it is killed.
import { Logger } from '@nestjs/common';
import { type Address, openProcess, writesEffects } from './effects';

async function main(address: Address): Promise<void> {
  Logger.overrideLogger(false);
  const { bus } = await openProcess(address);
  bus.subscribe(writesEffects('mailer'));
  await bus.start();
  setInterval(() => undefined, 60_000);
}

void main(JSON.parse(process.argv[2]) as Address);
