import { type Command, InvalidArgumentError, Option } from 'commander';
import { run, wholeNumber } from '../run';
import type { GlobalOptions } from '../session';

export interface DemoOptions extends GlobalOptions {
  customers: number;
  seed: number;
  poison: 'skip' | 'leave' | 'none';
  wait: number;
  save?: string;
  compare?: string;
}

const MORE = `
A shopping day over HTTP: customers, products, stocks, orders that are paid, cancelled, both at once, refused, and asked
for twice; users who leave; an event that nobody can read. In the end what was asked for is compared with the tables, the
log, the consumers, the reports and the mailbox. Others may use the shop meanwhile: only what it made itself is compared.
It ends with 0 when all agree, with 1 when they do not. Never on a shop that people use: what it makes stays.

Examples:
  npm run demo
  npm run demo -- --customers 400 --seed 7
  npm run demo -- --save day.json       and after whatever you do to the shop:
  npm run demo -- --compare day.json`;

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('play a day in the shop, and compare what was asked for with everything that is told of it')
    .addOption(
      new Option('--customers <n>', 'so many come').argParser(between(1, 100_000)).default(40).conflicts('compare'),
    )
    .addOption(new Option('--seed <n>', 'the same seed is the same day').argParser(wholeNumber).default(1))
    .addOption(
      new Option('--poison <what>', 'skip the poisoned event when it was found, leave it parked, or have none')
        .choices(['skip', 'leave', 'none'])
        .default('skip'),
    )
    .option('--wait <seconds>', 'how long to wait in the end until nothing is on its way', wholeNumber, 60)
    .option('--save <file>', 'keep what was asked for')
    .option('--compare <file>', 'play nothing, compare with a day that was kept')
    .addHelpText('after', MORE)
    .action(
      run(async (session, options: DemoOptions) => {
        // Loaded only when it is asked for: it brings the contracts and the log along.
        const { demo } = await import('./demo.js');
        return demo(session, options);
      }),
    );
}

const between =
  (least: number, most: number) =>
  (text: string): number => {
    const number = wholeNumber(text);
    if (number < least || number > most) throw new InvalidArgumentError(`It must be ${least} to ${most}.`);
    return number;
  };
