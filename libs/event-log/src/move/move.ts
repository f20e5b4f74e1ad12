import { existsSync } from 'node:fs';
import { withoutPassword, isMysqlUrl, mysqlAddress } from '../mysql/options';
import { createDatabase, migrateMysql } from '../mysql/open';
import { migrateSqlite } from '../sqlite/open';
import { sqliteFile } from '../sqlite/options';
import { Checksum } from './checksum';
import { MysqlSide } from './mysql-side';
import { IDENTITY, inOrder, partsOf, quoted } from './parts';
import { MoveRefused, type Side, type TableShape } from './side';
import { SqliteSide } from './sqlite-side';

export interface MoveOptions {
  /** Where the data is, and where it is to be: as DATABASE_URL. */
  from: string;
  to: string;
  /** Those of all modules, as for EventLog.open. */
  migrations: Function[];
  /** Told after every batch: rows of all, and the table in hand. */
  onProgress?: (done: number, total: number, table: string) => void;
}

export interface Moved {
  /** The log's, there as here. */
  identity: string;
  /** Its last position. */
  head: number;
  tables: { table: string; rows: number; checksum: string }[];
  /** True when a move into it that had not ended was begun again. */
  again: boolean;
}

/**
 * Moves all data of a stopped shop into another database, of the same family of SQL or the other one: the log with its
 * identity, positions and versions, and every other table with its ids and counters. What the source has stays as it is.
 * The identity is written last, when all else was read back and compared: a target without one was not moved to its end,
 * no shop opens it, and the next move into it begins again.
 *
 * @throws MoveRefused in words for people
 */
export async function moveLog({ from, to, migrations, onProgress = () => undefined }: MoveOptions): Promise<Moved> {
  if (from === to) throw new MoveRefused('It is there already: the two are the same.');
  const source = await open(from, 'read');
  let target: Side | undefined;
  try {
    await mustHaveALog(source);
    await prepare(to, migrations);
    target = await open(to, 'write');
    await mustBeOfOneVersion(source, target);
    const again = await mustBeEmpty(target);
    return { ...(await copyAll(source, target, onProgress)), again };
  } finally {
    await target?.close();
    await source.close();
  }
}

const open = async (url: string, use: 'read' | 'write'): Promise<Side> =>
  isMysqlUrl(url) ? MysqlSide.open(url, use) : SqliteSide.open(url);

async function mustHaveALog(source: Side): Promise<void> {
  const shapes = await source.shapes();
  const hasIdentity = shapes.some(({ name }) => name === IDENTITY) && (await countOf(source, IDENTITY)) === 1;
  if (!hasIdentity) throw new MoveRefused(`There is no shop in ${source.name}: it has no log.`);
}

async function prepare(url: string, migrations: Function[]): Promise<void> {
  try {
    if (!isMysqlUrl(url)) {
      const file = sqliteFile(url);
      // Somebody may have it open: this says so.
      if (existsSync(file)) await SqliteSide.open(url).close();
      return await migrateSqlite(file, migrations);
    }
    mysqlAddress(url);
    await createDatabase(url);
    await migrateMysql({ url, migrations });
  } catch (error) {
    if (error instanceof MoveRefused) throw error;
    throw new MoveRefused(`${withoutPassword(url)} can not be made ready: ${(error as Error).message}`);
  }
}

async function mustBeOfOneVersion(source: Side, target: Side): Promise<void> {
  const [has, needs] = await Promise.all([source.migrations(), target.migrations()]);
  if (has.join() === needs.join()) return;
  throw new MoveRefused(
    `The tables in ${source.name} are those of another version of the shop: start it there once with this one.`,
  );
}

/** True when a move into it had begun and not ended. */
async function mustBeEmpty(target: Side): Promise<boolean> {
  if ((await countOf(target, IDENTITY)) === 0) return true;
  // What changes in a shop is in its log: without one there are only the rows that every shop begins with.
  const used = (await countOf(target, 'event_log')) + (await countOf(target, 'stream_head'));
  if (used === 0) return false;
  throw new MoveRefused(`There is data in ${target.name} already. Give a database that is not there yet, or is empty.`);
}

async function copyAll(source: Side, target: Side, onProgress: NonNullable<MoveOptions['onProgress']>) {
  const shapes = inOrder(await source.shapes());
  const targets = new Map((await target.shapes()).map((shape) => [shape.name, shape]));
  mustBeAlike(shapes, targets);
  const total = (await Promise.all(shapes.map(({ name }) => countOf(source, name)))).reduce((sum, rows) => sum + rows);
  const head = await lastPosition(source, target);
  await target.empty([IDENTITY, ...shapes.toReversed().map(({ name }) => name)]);

  let done = 0;
  const tables: Moved['tables'] = [];
  for (const shape of shapes) {
    const { name } = shape;
    const { columns, counts } = targets.get(name)!;
    const read = new Checksum();
    for (const part of partsOf(source, target, shape, columns, head)) {
      for await (const rows of source.batches(part.sql)) {
        await target.insert(name, part.columns, rows);
        read.add(rows);
        done += rows.length;
        onProgress(done, total, name);
      }
    }
    // On SQLite the ids of the log are its positions.
    const ofPositions = name === 'event_log' && target.dialect === 'sqlite';
    if (counts) await target.countFrom(name, ofPositions ? head + 1 : await source.nextId(name));
    const written = new Checksum();
    const back = `SELECT ${columns.map((column) => quoted(target, column)).join()} FROM ${name}`;
    for await (const rows of target.batches(back)) written.add(rows);
    if (written.rows !== read.rows || written.text !== read.text) {
      const found = `${read.rows} rows, ${read.text}, here; ${written.rows} rows, ${written.text}, there`;
      throw new MoveRefused(`${name} did not arrive as it was: ${found}. Nothing was changed in ${source.name}.`);
    }
    tables.push({ table: name, rows: read.rows, checksum: read.text });
  }
  await target.commit();
  return { identity: await target.text(`SELECT id FROM ${IDENTITY}`), head, tables };
}

const countOf = (side: Side, table: string): Promise<number> => side.number(`SELECT count(*) FROM ${table}`);

/** What was recorded and not numbered when the shop died gets its positions on the way to SQLite. */
async function lastPosition(source: Side, target: Side): Promise<number> {
  if (source.dialect === 'sqlite') return (await source.nextId('event_log')) - 1;
  const assigned = await source.number('SELECT assigned FROM event_relay');
  if (target.dialect === 'mysql') return assigned;
  return assigned + (await source.number('SELECT count(*) FROM event_log WHERE position = 0'));
}

/** Both have the tables of the same migrations: this is for whoever writes a migration. */
function mustBeAlike(shapes: TableShape[], targets: Map<string, TableShape>): void {
  const words = ({ name, columns }: TableShape): string =>
    `${name} (${columns
      .filter((column) => !(name === 'event_log' && column === 'position'))
      .toSorted()
      .join(', ')})`;
  const here = shapes.map(words).toSorted();
  const there = [...targets.values()].map(words).toSorted();
  const other = [...here.filter((table) => !there.includes(table)), ...there.filter((table) => !here.includes(table))];
  if (other.length > 0) throw new MoveRefused(`The two databases differ in their tables: ${other.join('; ')}.`);
}
