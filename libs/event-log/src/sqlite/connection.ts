import type Database from 'better-sqlite3';
import type { DataSource, EntityManager, QueryFailedError, QueryResult } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import type { NewEvent } from '../event-writer';
import type { Unit } from '../unit-of-work';
import { WriteDataSource } from '../write-data-source';
import { bindNumbers } from './bind-numbers';
import { sqliteOptions, type SqliteSettings } from './options';
import { SqliteQueryRunner, Statements } from './query-runner';

/** Errors that undo one statement and nothing else. After any other the transaction can not be trusted. */
const HARMLESS = /^SQLITE_(CONSTRAINT|ERROR$|MISMATCH|TOOBIG|RANGE)/;

/** The one connection that writes. Only units of work get a query runner of it. */
export class SqliteConnection {
  /** The first error that put the running transaction in doubt. */
  doubt?: Error;
  /** Set by every statement that may have written. */
  written = false;
  private readonly handle: Database.Database;
  private readonly statements: Statements;
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
    this.statements = new Statements(this.handle);
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
    bindNumbers(dataSource);
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
    this.written ||= events.length > 0;
    for (const { id, type, stream, payload, metadata, occurredAt } of events) {
      try {
        this.insertEvent.run(id, type, stream, this.raiseHead.get(stream), payload, metadata, occurredAt);
      } catch (error) {
        this.observe(error);
        throw error;
      }
    }
  }

  /**
   * One statement of a unit.
   * @throws UnitIsOver, QueryFailedError
   */
  run(unit: Unit, sql: string, values: unknown[]): QueryResult {
    unit.mustLive();
    // After a doubt SQLite may have left the transaction: one more statement would commit by itself.
    if (this.doubt) throw this.doubt;
    if (TRANSACTION_CONTROL.test(sql))
      throw new Error(`A unit of work begins and ends by itself: it can not send ${sql}`);
    try {
      return this.statements.run(sql, values, ({ readonly }) => (this.written ||= !readonly));
    } catch (error) {
      this.observe((error as QueryFailedError).driverError);
      throw error;
    }
  }

  /** Errors without a code of SQLite's are the driver's: nothing has reached the database. */
  observe(error: unknown): void {
    const { code } = error as { code?: string };
    const harmless = !code?.startsWith('SQLITE_') || HARMLESS.test(code);
    if (!harmless || !this.handle.inTransaction) this.doubt ??= error as Error;
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** What ends or begins a transaction: in a group it would end the neighbours' too. `ROLLBACK TO` only undoes a savepoint. */
const TRANSACTION_CONTROL = /^\s*(BEGIN|COMMIT|END|ROLLBACK(?!\s+(TRANSACTION\s+)?TO\b))\b/i;

/** Runs the statements of one unit, and none after its end. */
class UnitQueryRunner extends SqliteQueryRunner {
  constructor(dataSource: DataSource, unit: Unit, writer: SqliteConnection) {
    super(dataSource, (sql, values) => writer.run(unit, sql, values));
    // The gate has begun the transaction; what TypeORM begins inside it is a savepoint.
    this.isTransactionActive = true;
    this.transactionDepth = 1;
  }
}
