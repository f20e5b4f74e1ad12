import { eventTypes } from '@magasin/contracts';
import { NothingNamed, type Selection, spanOf, typesOf } from '@magasin/event-log';
import { Command, InvalidArgumentError, Option } from 'commander';

export interface HistoryOptions {
  selection: Selection;
  limit?: number;
  format: 'lab' | 'ndjson';
  /** A file, `-` for standard output, undefined for the file of the format. */
  output?: string;
  /** What the count counts. */
  noun: string;
}

interface Given {
  type?: string[];
  topic?: string;
  stream?: string;
  from?: number;
  to?: number;
  after?: number;
  limit?: number;
  format: HistoryOptions['format'];
  output?: string;
}

/** The topic whose values the lab keeps in its file. */
const LAB_TOPIC = 'user-events';

/** Reads the command line. What is wrong with it, or `--help`, is printed and ends the process. */
export function readOptions(argv: string[]): HistoryOptions {
  const command = new Command('npm run history --')
    .description(
      'Writes the events of the log, in their order, and says how many there were. The shop may run meanwhile.',
    )
    .option('--type <types>', 'only these types: UserCreated,UserDeleted', known)
    .option(
      '--topic <topic>',
      `only what is published there (default: ${LAB_TOPIC}, unless --type, --stream or ndjson)`,
    )
    .option('--stream <stream>', 'only the life of one thing: user-12')
    .option(
      '--from <moment>',
      'recorded then or later: a day, 2026-11-23 (UTC), or 2026-11-23T16:00:41.491Z',
      moment('first'),
    )
    .option('--to <moment>', 'recorded then or before, or on that day or before', moment('last'))
    .option('--after <position>', 'behind this position', count(0))
    .option('--limit <count>', 'at most so many events', count(1))
    .addOption(
      new Option(
        '--format <format>',
        'lab: one JSON array of the values; ndjson: a line of JSON an event, with all that is known of it',
      )
        .choices(['lab', 'ndjson'])
        .default('lab'),
    )
    .option(
      '--output <file>',
      'where to, - for standard output (default: user_events_history.json or events.ndjson in OUTPUT_FOLDER)',
    )
    .addHelpText('after', EXAMPLES)
    .parse(argv);

  const { type, topic, stream, from, to, after, limit, format, output } = command.opts<Given>();
  if (from !== undefined && to !== undefined && from > to) command.error('error: --from is after --to');
  const plain = format === 'lab' && type === undefined && topic === undefined && stream === undefined;
  try {
    const types = typesOf({ types: type, topic: plain ? LAB_TOPIC : topic });
    const noun = plain ? 'events of users' : 'events';
    return { selection: { types, stream, from, to, after }, limit, format, output, noun };
  } catch (error) {
    if (!(error instanceof NothingNamed)) throw error;
    return command.error(`error: ${error.message}`);
  }
}

const EXAMPLES = `
Examples:
  npm run history
  npm run history -- --type UserCreated --from 2026-11-23 --to 2026-11-30
  npm run -s history -- --format ndjson --stream user-12 --output -
`;

/** A name that nobody declares is a slip of the hand: without this it would be an empty file. */
function known(text: string): string[] {
  const names = eventTypes().map(({ name }) => name);
  const types = text.split(',').map((name) => name.trim());
  const unknown = types.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no type ${JSON.stringify(unknown)}. There are ${names.join(', ')}.`);
  return types;
}

const moment =
  (end: 'first' | 'last') =>
  (text: string): number => {
    const span = spanOf(text);
    if (!span)
      throw new InvalidArgumentError('It must be a day like 2026-11-23 or a moment like 2026-11-23T16:00:41.491Z.');
    return span[end];
  };

const count =
  (least: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d{1,15}$/.test(text) || number < least)
      throw new InvalidArgumentError(`It must be a whole number, at least ${least}.`);
    return number;
  };
