import type { Command } from 'commander';
import type { Group, Stream, StreamDetail } from './answers';
import { type ListOptions, mostOf, printPages, printTable, withLimit } from './list';
import { run } from './run';
import { streamInWords, tellStream, tellWhatToDo } from './parked-stream';
import { relative } from './terminal/when';

export interface SourceOption {
  source?: string;
}

export const withSource = (command: Command): Command =>
  command.option('--source <source>', 'the log that the stream comes from, if not that of the shop');

export function addParked(program: Command): Command {
  const parked = program
    .command('parked')
    .description('what waits because it failed, grouped by its cause')
    .option('--consumer <consumer>', 'of this consumer only')
    .action(
      run(async (session, { consumer }: { consumer?: string }) => {
        const { body, text } = await (await session.shop()).get<Group[]>('/admin/parked', { consumer });
        if (session.json) return session.print(text);
        await printTable(session, body, GROUPS, 'Nothing is parked.');
        const [first] = body;
        if (first) session.say(`\nIts streams: npx magasin parked streams ${first.consumer} ${first.error_key}`);
      }),
    );

  withLimit(parked.command('streams'), 1_000)
    .description('the streams of a group, in the order in which they failed last')
    .argument('<consumer>')
    .argument('<error_key>', 'from `parked`')
    .action(
      run(async (session, consumer: string, error_key: string, options: ListOptions) => {
        const shop = await session.shop();
        const pages = shop.pages<Stream>('/admin/parked/streams', { consumer, error_key }, mostOf(options));
        await printPages(session, pages, STREAMS, `No stream of ${consumer} is parked with ${error_key}.`);
      }),
    );

  withSource(parked.command('show'))
    .description('a parked stream: its events, all attempts, and what people did')
    .argument('<consumer>')
    .argument('<stream>')
    .action(
      run(async (session, consumer: string, stream: string, { source }: SourceOption) => {
        const query = { consumer, stream, source };
        const answer = await (await session.shop()).get<StreamDetail>('/admin/parked/stream', query);
        await session.answer(answer, tellStream);
        session.say(tellWhatToDo(answer.body));
      }),
    );
  return parked;
}

const GROUPS = [
  { title: 'consumer', value: (row: Group) => row.consumer },
  { title: 'error key', value: (row: Group) => row.error_key },
  { title: 'streams', value: (row: Group) => row.streams },
  { title: 'events', value: (row: Group) => row.events },
  { title: 'wait for you', value: (row: Group) => row.wait_for_a_person },
  { title: 'first', value: (row: Group) => relative(row.first_failed_at) },
  { title: 'last', value: (row: Group) => relative(row.last_failed_at) },
  { title: 'one of the errors', value: (row: Group) => row.error, elastic: true },
];

const STREAMS = [
  { title: 'stream', value: streamInWords },
  { title: 'events', value: (row: Stream) => row.waiting },
  { title: 'tries', value: (row: Stream) => row.attempts },
  { title: 'failed', value: (row: Stream) => relative(row.failed_at) },
  {
    title: 'next try',
    value: (row: Stream) => (row.next_attempt_at ? relative(row.next_attempt_at) : 'waits for you'),
  },
  { title: 'error', value: (row: Stream) => row.error, elastic: true },
];
