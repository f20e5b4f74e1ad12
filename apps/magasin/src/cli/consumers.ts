import type { Command } from 'commander';
import type { Consumer, Instance } from './answers';
import { printTable } from './list';
import { run } from './run';
import { oneLine } from './terminal/text';
import { duration, relative } from './terminal/when';

export function addConsumers(program: Command): void {
  program
    .command('consumers')
    .description('how far each consumer is, and whether it runs')
    .action(
      run(async (session) => {
        const { body, text } = await (await session.shop()).get<Consumer[]>('/admin/consumers');
        if (session.json) return session.print(text);
        await printTable(session, body, CONSUMERS, 'No consumer runs there.');
        for (const { consumer, state, error } of body) {
          if (error) session.say(`${consumer} is ${state}: ${oneLine(error)}`);
        }
        if (body.some(({ parked_streams }) => parked_streams > 0)) session.say('What is parked: npx magasin parked');
      }),
    );

  program
    .command('instances')
    .description('rebuilds and replays, the newest first')
    .action(
      run(async (session) => {
        const { body, text } = await (await session.shop()).get<Instance[]>('/admin/instances');
        if (session.json) return session.print(text);
        await printTable(session, body, INSTANCES, 'Nothing was rebuilt or replayed yet.');
      }),
    );
}

const CONSUMERS = [
  { title: 'consumer', value: (row: Consumer) => row.consumer },
  { title: 'state', value: (row: Consumer) => row.state },
  { title: 'position', value: (row: Consumer) => row.position },
  { title: 'of', value: (row: Consumer) => row.head },
  { title: 'behind by', value: (row: Consumer) => duration(row.lag_seconds) },
  { title: 'parked streams', value: (row: Consumer) => row.parked_streams },
  { title: 'parked events', value: (row: Consumer) => row.parked_events },
  { title: 'seen', value: (row: Consumer) => relative(row.heartbeat_at) },
];

const INSTANCES = [
  { title: 'instance', value: (row: Instance) => row.instance },
  { title: 'purpose', value: (row: Instance) => row.purpose },
  { title: 'state', value: (row: Instance) => row.state },
  { title: 'from', value: (row: Instance) => row.from_position },
  { title: 'to', value: (row: Instance) => row.to_position },
  { title: 'began', value: (row: Instance) => relative(row.created_at) },
  { title: 'ended', value: (row: Instance) => row.ended_at && relative(row.ended_at) },
  { title: 'types', value: (row: Instance) => row.types?.join(' ') ?? 'all', elastic: true },
];
