import type Database from 'better-sqlite3';
import type { QueryResult } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import { ReadDataSource } from '../read-data-source';
import { bindNumbers } from './bind-numbers';
import { sqliteOptions, type SqliteSettings } from './options';
import { SqliteQueryRunner, Statements } from './query-runner';

export async function openSqliteReading(settings: SqliteSettings): Promise<ReadDataSource> {
  const reading = await new SqliteReadDataSource(sqliteOptions({ ...settings, readonly: true })).initialize();
  bindNumbers(reading);
  return reading;
}

class SqliteReadDataSource extends ReadDataSource {
  private only?: SqliteQueryRunner;

  protected override runner(): SqliteQueryRunner {
    if (this.only) return this.only;
    const reader = new Reader((this.driver as BetterSqlite3Driver).databaseConnection);
    return (this.only = new SqliteQueryRunner(this, (sql, values) => reader.read(sql, values)));
  }

  override query<T>(sql: string, parameters?: unknown[]): Promise<T> {
    return this.runner().query(sql, parameters);
  }
}

interface Question {
  sql: string;
  values: unknown[];
  resolve: (result: QueryResult) => void;
  reject: (error: unknown) => void;
}

/** So many questions share a transaction; for fewer its own two statements are not worth it. */
const MANY = 8;

/**
 * What is asked in one turn of the event loop is read together, at its end, in one transaction: to lock and unlock the
 * database are two system calls, which take longer than to read an order. Their answers leave together too: on a busy
 * machine this doubles what a shop reads (measured). Nobody reads anything older than his question.
 */
class Reader {
  private readonly statements: Statements;
  private waiting: Question[] = [];

  constructor(private readonly handle: Database.Database) {
    this.statements = new Statements(handle);
  }

  read(sql: string, values: unknown[]): Promise<QueryResult> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ sql, values, resolve, reject }) === 1) setImmediate(() => this.answer());
    });
  }

  private answer(): void {
    const questions = this.waiting;
    this.waiting = [];
    if (questions.length >= MANY && !this.handle.inTransaction) this.share('BEGIN');
    for (const { sql, values, resolve, reject } of questions) {
      try {
        resolve(this.statements.run(sql, values));
      } catch (error) {
        reject(error);
      }
    }
    // An error of the disk has ended it already.
    if (this.handle.inTransaction) this.share('COMMIT');
  }

  private share(sql: 'BEGIN' | 'COMMIT'): void {
    try {
      this.statements.run(sql, []);
    } catch {
      // Without it each question is read by itself; what is left open is ended after the next ones.
    }
  }
}
