import type Database from 'better-sqlite3';
import { type DataSource, QueryFailedError, QueryResult } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner';

/** Shapes of statements to keep prepared, a few hundred kB. Those with a list of values have one for each length. */
const STATEMENTS = 500;

/** The statements of one connection, each prepared once for its life. */
export class Statements {
  private readonly prepared = new Map<string, Database.Statement>();

  constructor(private readonly handle: Database.Database) {}

  /** @param seen is called with the statement before it runs. @throws QueryFailedError */
  run(sql: string, values: unknown[], seen?: (statement: Database.Statement) => void): QueryResult {
    try {
      const statement = this.get(sql);
      seen?.(statement);
      const result = new QueryResult();
      if (statement.reader) {
        result.raw = result.records = statement.all(...values);
      } else {
        const { changes, lastInsertRowid } = statement.run(...values);
        result.affected = changes;
        result.raw = lastInsertRowid;
      }
      return result;
    } catch (error) {
      throw new QueryFailedError(sql, values, error as Error);
    }
  }

  private get(sql: string): Database.Statement {
    let statement = this.prepared.get(sql);
    if (!statement) {
      statement = this.handle.prepare(sql);
      this.prepared.set(sql, statement);
      // A Map keeps the order of insertion: the oldest goes.
      if (this.prepared.size > STATEMENTS) this.prepared.delete(this.prepared.keys().next().value!);
    }
    return statement;
  }
}

/**
 * Runs a statement when it is asked to, as SQLite does. TypeORM's own awaits between its checks and the statement: that
 * takes as long as an order is read, and in a unit of work a promise that nobody awaited would write into the next one.
 */
export class SqliteQueryRunner extends BetterSqlite3QueryRunner {
  constructor(
    { driver }: DataSource,
    private readonly run: (sql: string, values: unknown[]) => QueryResult | Promise<QueryResult>,
  ) {
    super(driver as BetterSqlite3Driver);
  }

  override async query(sql: string, parameters: unknown[] = [], useStructuredResult = false): Promise<never> {
    const values = parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    const result = await this.run(sql, values);
    return (useStructuredResult ? result : result.raw) as never;
  }
}
