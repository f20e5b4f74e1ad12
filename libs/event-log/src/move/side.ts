import type { Dialect } from '../dialect';

/** A row as it is read and written: its values in the order of the columns. */
export type Values = unknown[];

/** A table as its database describes it. */
export interface TableShape {
  name: string;
  /** Those that are stored: what the database generates from them it generates again. */
  columns: string[];
  /** Of its primary key. */
  key: string[];
  /** Tables that its rows name: theirs come first. */
  references: string[];
  /** True when it counts its ids, and never gives one twice. */
  counts: boolean;
}

/** One end of a move: a database that nobody else has open. */
export interface Side {
  readonly dialect: Dialect;
  /** For people. */
  readonly name: string;
  /** All tables of the schema, in the order of their names; none when there is no schema yet. */
  shapes(): Promise<TableShape[]>;
  /** One number. */
  number(sql: string): Promise<number>;
  /** One text. */
  text(sql: string): Promise<string>;
  /** The names of the migrations that have made its tables. */
  migrations(): Promise<string[]>;
  /** Rows in batches that fit into memory, whatever the size of the table. */
  batches(sql: string): AsyncIterable<Values[]>;
  insert(table: string, columns: string[], rows: Values[]): Promise<void>;
  /** The next id of a table that counts them. */
  nextId(table: string): Promise<number>;
  countFrom(table: string, nextId: number): Promise<void>;
  /** Removes all rows of all tables, those of the first one first. */
  empty(tables: string[]): Promise<void>;
  /** Keeps what was written. */
  commit(): Promise<void>;
  /** Leaves nothing of what was not kept, as far as the database can undo it. */
  close(): Promise<void>;
}

/** It can not be moved like that. The message is for people, and nothing was changed that is worth keeping. */
export class MoveRefused extends Error {
  override name = 'MoveRefused';
}

/** A batch ends with one of these: rows, or characters of text. */
const MOST_ROWS = 500;
const MOST_CHARACTERS = 1024 * 1024;

export async function* inBatches(rows: AsyncIterable<Values> | Iterable<Values>): AsyncGenerator<Values[]> {
  let batch: Values[] = [];
  let characters = 0;
  for await (const row of rows) {
    batch.push(row);
    for (const value of row) if (typeof value === 'string') characters += value.length;
    if (batch.length < MOST_ROWS && characters < MOST_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}
