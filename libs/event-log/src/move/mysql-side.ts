import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2';
import { mysqlAddress, withoutPassword } from '../mysql/options';
import { inBatches, MoveRefused, type Side, type TableShape, type Values } from './side';

/** What a killed process has left open is closed by the server within moments. In milliseconds. */
const CLOSED_MS = 3_000;

const BATCHES_A_COMMIT = 20;

interface Column {
  table_name: string;
  name: string;
  generated: number;
  key_place: number | null;
  counts: number;
}

/**
 * A database of MariaDB or MySQL. What it reads is as it was when it was opened; what it writes is kept some batches
 * at a time, for a transaction over all of it would be a burden to the server.
 */
export class MysqlSide implements Side {
  readonly dialect = 'mysql';
  private inserted = 0;

  private constructor(
    readonly name: string,
    private readonly connection: Connection,
  ) {}

  /** @throws MoveRefused when there is no such database, or anybody else is connected to it */
  static async open(url: string, use: 'read' | 'write'): Promise<MysqlSide> {
    const { username: user, ...address } = mysqlAddress(url);
    const connection = createConnection({
      ...address,
      user,
      charset: 'utf8mb4',
      timezone: 'Z',
      connectTimeout: 2_000,
      supportBigNumbers: true,
      rowsAsArray: true,
      multipleStatements: true,
    });
    const side = new MysqlSide(withoutPassword(url), connection);
    try {
      await side.run(
        `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00';
         SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ`,
      );
      await side.mustBeAlone();
      if (use === 'read') await side.run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      else await side.run('SET SESSION autocommit = 0');
      return side;
    } catch (error) {
      connection.destroy();
      if ((error as { code?: string }).code === 'ER_BAD_DB_ERROR')
        throw new MoveRefused(`There is no database at ${side.name}.`);
      if (error instanceof MoveRefused) throw error;
      throw new MoveRefused(`${side.name} can not be used: ${(error as Error).message}`);
    }
  }

  async shapes(): Promise<TableShape[]> {
    const columns = await this.rows<Column>(
      `SELECT c.table_name AS table_name, c.column_name AS name,
         coalesce(c.generation_expression, '') <> '' AS generated, c.extra LIKE '%auto_increment%' AS counts,
         (SELECT k.ordinal_position FROM information_schema.key_column_usage k WHERE k.table_schema = c.table_schema
            AND k.table_name = c.table_name AND k.column_name = c.column_name AND k.constraint_name = 'PRIMARY') AS key_place
       FROM information_schema.columns c JOIN information_schema.tables t
         ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
       WHERE c.table_schema = DATABASE() AND c.table_name <> 'migrations' ORDER BY c.table_name, c.ordinal_position`,
    );
    const references = await this.rows<{ table_name: string; other: string }>(
      `SELECT table_name AS table_name, referenced_table_name AS other FROM information_schema.key_column_usage
       WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL`,
    );
    return [...Map.groupBy(columns, ({ table_name }) => table_name)].map(([name, own]) => ({
      name,
      columns: own.filter(({ generated }) => generated === 0).map((column) => column.name),
      key: own
        .filter(({ key_place }) => key_place !== null)
        .toSorted((a, b) => a.key_place! - b.key_place!)
        .map((column) => column.name),
      references: references.filter(({ table_name }) => table_name === name).map(({ other }) => other),
      counts: own.some(({ counts }) => counts === 1),
    }));
  }

  async number(sql: string): Promise<number> {
    return Number(await this.text(sql));
  }

  async text(sql: string): Promise<string> {
    const [[value]] = (await this.run(sql)) as (string | number)[][];
    return String(value);
  }

  async migrations(): Promise<string[]> {
    return (await this.rows<{ name: string }>('SELECT name FROM migrations ORDER BY name')).map(({ name }) => name);
  }

  batches(sql: string): AsyncIterable<Values[]> {
    return inBatches(this.connection.query(sql).stream({ highWaterMark: 500 }) as AsyncIterable<Values>);
  }

  async insert(table: string, columns: string[], rows: Values[]): Promise<void> {
    await this.run(`INSERT INTO ${table} (${columns.map(quoted).join()}) VALUES ?`, [rows]);
    this.inserted += 1;
    if (this.inserted % BATCHES_A_COMMIT === 0) await this.commit();
  }

  /** From the words that make the table: information_schema may tell an older number. */
  async nextId(table: string): Promise<number> {
    const [[, words]] = (await this.run(`SHOW CREATE TABLE ${table}`)) as [string, string][];
    return Number(/ AUTO_INCREMENT=(\d+)/.exec(words)?.[1] ?? 1);
  }

  async countFrom(table: string, nextId: number): Promise<void> {
    await this.run(`ALTER TABLE ${table} AUTO_INCREMENT = ${nextId}`);
  }

  async empty(tables: string[]): Promise<void> {
    await this.run('SET SESSION foreign_key_checks = 0');
    for (const table of tables) await this.run(`TRUNCATE TABLE ${table}`);
    await this.run('SET SESSION foreign_key_checks = 1');
  }

  async commit(): Promise<void> {
    await this.run('COMMIT');
  }

  async close(): Promise<void> {
    this.connection.destroy();
  }

  /** As far as the user may see: the connections of the same user, and with PROCESS those of all. */
  private async mustBeAlone(): Promise<void> {
    for (const until = Date.now() + CLOSED_MS; ; await delay(200)) {
      const others = await this.rows<{ who: string }>(
        `SELECT concat(user, '@', host) AS who FROM information_schema.processlist
         WHERE db = DATABASE() AND id <> CONNECTION_ID()`,
      );
      if (others.length === 0) return;
      if (Date.now() < until) continue;
      const who = others.map((other) => other.who).join(', ');
      throw new MoveRefused(
        `Somebody is connected to ${this.name} (${who}): stop the shop, and whatever reads it, first.`,
      );
    }
  }

  private async rows<T>(sql: string): Promise<T[]> {
    return (await this.run({ sql, rowsAsArray: false })) as T[];
  }

  private run(sql: string | { sql: string; rowsAsArray: boolean }, values?: unknown[]): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      this.connection.query<RowDataPacket[]>(sql as string, values, (error, rows) =>
        error ? reject(error) : resolve(rows),
      );
    });
  }
}

const quoted = (name: string): string => `\`${name}\``;
