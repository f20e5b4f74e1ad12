import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Page } from './api';
import { wholeNumber } from './run';
import type { Session } from './session';
import { Table, type TableColumn } from './terminal/table';

export interface ListOptions {
  limit?: number;
  all?: boolean;
}

export const withLimit = (command: Command, shown: number): Command =>
  command
    .addOption(new Option('--limit <n>', 'so many at most').argParser(atLeastOne).default(shown).conflicts('all'))
    .option('--all', 'all of them');

function atLeastOne(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}

/** How many are wanted. */
export const mostOf = ({ limit, all }: ListOptions): number => (all ? Infinity : (limit ?? Infinity));

export const tableFor = <T>(columns: TableColumn<T>[]): Table<T> =>
  new Table(columns, process.stdout.isTTY ? process.stdout.columns : undefined);

/** A whole list, or what it has to say when it is empty. */
export async function printTable<T>(session: Session, rows: T[], columns: TableColumn<T>[], none: string) {
  if (rows.length === 0) session.say(none);
  else await session.print(tableFor(columns).lines(rows).join('\n'));
}

/** A list that comes in pages: for a person as one table, for a program as one page that holds them all. */
export async function printPages<T>(
  session: Session,
  pages: AsyncIterable<Page<T>>,
  columns: TableColumn<T>[],
  none: string,
): Promise<void> {
  if (session.json) return printOnePage(session, pages);
  const table = tableFor(columns);
  let count = 0;
  let more = false;
  for await (const { items, nextCursor } of pages) {
    if (items.length > 0) await session.print(table.lines(items).join('\n'));
    count += items.length;
    more = nextCursor !== null;
  }
  if (count === 0) session.say(none);
  if (more) session.say(`There are more than these ${count}: --limit N shows so many, --all shows all.`);
}

async function printOnePage<T>(session: Session, pages: AsyncIterable<Page<T>>): Promise<void> {
  let begun = false;
  let next: string | null = null;
  for await (const { items, nextCursor } of pages) {
    const text = items.map((item) => JSON.stringify(item)).join(',\n');
    await session.print(begun ? text && `,${text}` : `{"items":[${text}`);
    begun = true;
    next = nextCursor;
  }
  await session.print(`],"nextCursor":${JSON.stringify(next)}}`);
}
