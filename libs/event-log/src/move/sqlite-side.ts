import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { sqliteFile } from '../sqlite/options';
import { inBatches, MoveRefused, type Side, type TableShape, type Values } from './side';

/** A process that ends just now is given so long. In milliseconds. */
const BUSY_MS = 2_000;

/** All that is written is one transaction, and the file is this process's alone until it is closed. */
export class SqliteSide implements Side {
  readonly dialect = 'sqlite';

  private constructor(
    readonly name: string,
    private readonly handle: Sqlite.Database,
  ) {}

  /** @throws MoveRefused when there is no such file, or another process has it open, be it idle */
  static open(url: string): SqliteSide {
    const file = sqliteFile(url);
    if (!existsSync(file)) throw new MoveRefused(`There is no database in ${url}.`);
    const handle = new Sqlite(file, { timeout: BUSY_MS });
    try {
      // In WAL every connection holds a shared lock on the file for as long as it is open: this one takes it all.
      for (const pragma of ['locking_mode = EXCLUSIVE', 'foreign_keys = ON', 'synchronous = FULL'])
        handle.pragma(pragma);
      handle.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      handle.close();
      if (!(error as { code?: string }).code?.startsWith('SQLITE_BUSY')) throw error;
      throw new MoveRefused(`A process has ${url} open: stop the shop, and whatever else reads it, first.`);
    }
    return new SqliteSide(url, handle);
  }

  async shapes(): Promise<TableShape[]> {
    const tables = this.handle
      .prepare<[], { name: string; sql: string }>(
        `SELECT name, sql FROM sqlite_schema
         WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'migrations' ORDER BY name`,
      )
      .all();
    return tables.map(({ name, sql }) => {
      const columns = this.handle.pragma(`table_xinfo(${name})`) as { name: string; pk: number; hidden: number }[];
      const keys = this.handle.pragma(`foreign_key_list(${name})`) as { table: string }[];
      return {
        name,
        columns: columns.filter(({ hidden }) => hidden === 0).map((column) => column.name),
        key: columns
          .filter(({ pk }) => pk > 0)
          .toSorted((a, b) => a.pk - b.pk)
          .map((column) => column.name),
        references: keys.map(({ table }) => table),
        counts: /\bAUTOINCREMENT\b/i.test(sql),
      };
    });
  }

  async number(sql: string): Promise<number> {
    return Number(this.handle.prepare(sql).pluck().get());
  }

  async text(sql: string): Promise<string> {
    return String(this.handle.prepare(sql).pluck().get());
  }

  async migrations(): Promise<string[]> {
    return this.handle.prepare<[], string>('SELECT name FROM migrations ORDER BY name').pluck().all();
  }

  batches(sql: string): AsyncIterable<Values[]> {
    return inBatches(this.handle.prepare(sql).raw().iterate() as IterableIterator<Values>);
  }

  async insert(table: string, columns: string[], rows: Values[]): Promise<void> {
    const places = columns.map(() => '?').join();
    const insert = this.handle.prepare(`INSERT INTO ${table} (${columns.map(quoted).join()}) VALUES (${places})`);
    for (const row of rows) insert.run(...row);
  }

  async nextId(table: string): Promise<number> {
    return (await this.number(`SELECT max(seq) FROM sqlite_sequence WHERE name = '${table}'`)) + 1;
  }

  async countFrom(table: string, nextId: number): Promise<void> {
    this.handle.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(table);
    this.handle.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, BigInt(nextId - 1));
  }

  async empty(tables: string[]): Promise<void> {
    this.handle.pragma('defer_foreign_keys = ON');
    for (const table of tables) this.handle.exec(`DELETE FROM ${table}`);
    this.handle.exec('DELETE FROM sqlite_sequence');
  }

  async commit(): Promise<void> {
    this.handle.exec('COMMIT');
  }

  async close(): Promise<void> {
    if (this.handle.inTransaction) this.handle.exec('ROLLBACK');
    this.handle.close();
  }
}

const quoted = (name: string): string => `"${name}"`;
