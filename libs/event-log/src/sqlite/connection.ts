import type Database from 'better-sqlite3';
import { DataSource, type EntityManager, QueryFailedError, QueryResult } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner';
import { WriteOutsideUnit } from '../errors';
import type { NewEvent } from '../event-writer';
import type { Unit } from '../unit-of-work';
import { sqliteOptions, type SqliteSettings } from './options';

/** Errors that undo one statement and nothing else. After any other the transaction can not be trusted. */
const HARMLESS = /^SQLITE_(CONSTRAINT|ERROR$|MISMATCH|TOOBIG|RANGE)/;

/** The one connection that writes. Only units of work get a query runner of it. */
export class SqliteConnection {
  /** The first error that put the running transaction in doubt. */
  doubt?: Error;
  private readonly handle: Database.Database;
  private readonly statements = new Map<string, Database.Statement>();
  private readonly begins: Database.Statement;
  private readonly commits: Database.Statement;
  private readonly rollbacks: Database.Statement;
  private readonly savepoint: Database.Statement;
  private readonly release: Database.Statement;
  private readonly rollbackToSavepoint: Database.Statement;
  private readonly raiseHead: Database.Statement;
  private readonly insertEvent: Database.Statement;

  private constructor(private readonly dataSource: DataSource) {
    this.handle = (dataSource.driver as BetterSqlite3Driver).databaseConnection;
    const prepare = (sql: string) => this.handle.prepare(sql);
    this.begins = prepare('BEGIN IMMEDIATE');
    this.commits = prepare('COMMIT');
    this.rollbacks = prepare('ROLLBACK');
    this.savepoint = prepare('SAVEPOINT unit');
    this.release = prepare('RELEASE unit');
    this.rollbackToSavepoint = prepare('ROLLBACK TO unit');
    this.raiseHead = prepare(
      `INSERT INTO stream_head (stream, version) VALUES (?, 1)
       ON CONFLICT (stream) DO UPDATE SET version = version + 1 RETURNING version`,
    ).pluck();
    this.insertEvent = prepare(
      `INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  static async open(settings: SqliteSettings): Promise<SqliteConnection> {
    const dataSource = await new WriteDataSource(sqliteOptions(settings)).initialize();
    const connection = new SqliteConnection(dataSource);
    // FULL: a COMMIT that was answered survives a power cut. busy_timeout would block the whole process: begin() waits.
    for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 0']) {
      connection.handle.pragma(pragma);
    }
    return connection;
  }

  /** Returns false when another process is writing: try again. */
  begin(): boolean {
    try {
      this.begins.run();
      return true;
    } catch (error) {
      if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return false;
      throw error;
    }
  }

  commit(): void {
    if (this.doubt) throw this.doubt;
    this.commits.run();
  }

  rollback(): void {
    if (this.handle.inTransaction) this.rollbacks.run();
  }

  mark(): void {
    this.savepoint.run();
  }

  keepMarked(): void {
    this.release.run();
  }

  undoMarked(): void {
    this.rollbackToSavepoint.run();
    this.release.run();
  }

  rowsFor(unit: Unit): EntityManager {
    return this.dataSource.createEntityManager(new UnitQueryRunner(this.dataSource, unit, this));
  }

  /** Gives each event its version and its position. The stream's row is raised first, then the event draws its id. */
  append(events: NewEvent[]): void {
    // A unit that swallowed the error must not write past the transaction that SQLite has rolled back.
    if (this.doubt) throw this.doubt;
    for (const { id, type, stream, payload, metadata, occurredAt } of events) {
      try {
        this.insertEvent.run(id, type, stream, this.raiseHead.get(stream), payload, metadata, occurredAt);
      } catch (error) {
        this.observe(error);
        throw error;
      }
    }
  }

  /** One statement of a unit, prepared once for the life of the connection. */
  run(sql: string, parameters: unknown[]): QueryResult {
    const result = new QueryResult();
    const statement = this.prepared(sql);
    if (statement.reader) {
      result.raw = result.records = statement.all(...parameters);
    } else {
      const { changes, lastInsertRowid } = statement.run(...parameters);
      result.affected = changes;
      result.raw = lastInsertRowid;
    }
    return result;
  }

  /** Errors without a code of SQLite's are the driver's: nothing has reached the database. */
  observe(error: unknown): void {
    const { code } = error as { code?: string };
    const harmless = !code?.startsWith('SQLITE_') || HARMLESS.test(code);
    if (!harmless || !this.handle.inTransaction) this.doubt ??= error as Error;
  }

  private prepared(sql: string): Database.Statement {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.handle.prepare(sql);
      this.statements.set(sql, statement);
      // A Map keeps the order of insertion: the oldest goes.
      if (this.statements.size > STATEMENTS) this.statements.delete(this.statements.keys().next().value!);
    }
    return statement;
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** Shapes of statements to keep prepared. Those with a list of values have one for each length. */
const STATEMENTS = 500;

class WriteDataSource extends DataSource {
  /** TypeORM asks for a runner wherever none was given: a bare repository, which would join a stranger's transaction. */
  override createQueryRunner(): never {
    throw new WriteOutsideUnit();
  }
}

/** What ends or begins a transaction: in a group it would end the neighbours' too. `ROLLBACK TO` only undoes a savepoint. */
const TRANSACTION_CONTROL = /^\s*(BEGIN|COMMIT|END|ROLLBACK(?!\s+(TRANSACTION\s+)?TO\b))\b/i;

/** Runs the statements of one unit, and none after its end. */
class UnitQueryRunner extends BetterSqlite3QueryRunner {
  constructor(
    dataSource: DataSource,
    private readonly unit: Unit,
    private readonly writer: SqliteConnection,
  ) {
    super(dataSource.driver as BetterSqlite3Driver);
    // The gate has begun the transaction; what TypeORM begins inside it is a savepoint.
    this.isTransactionActive = true;
    this.transactionDepth = 1;
  }

  /**
   * Not TypeORM's own: that one awaits between its checks and the statement, and a promise that nobody awaited would
   * write into the next unit. Here nothing lies between.
   */
  override async query(sql: string, parameters: unknown[] = [], useStructuredResult = false): Promise<never> {
    this.unit.mustLive();
    // After a doubt SQLite may have left the transaction: one more statement would commit by itself.
    if (this.writer.doubt) throw this.writer.doubt;
    if (TRANSACTION_CONTROL.test(sql))
      throw new Error(`A unit of work begins and ends by itself: it can not send ${sql}`);
    const values = parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    try {
      const result = this.writer.run(sql, values);
      return (useStructuredResult ? result : result.raw) as never;
    } catch (error) {
      this.writer.observe(error);
      throw new QueryFailedError(sql, values, error as Error);
    }
  }
}
