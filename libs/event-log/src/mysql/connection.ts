import { format, type PoolConnection } from 'mysql2';
import { type DataSource, QueryFailedError, QueryResult } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';
import { MysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner';
import { withDeadline } from '../deadline';
import { LogUnavailable } from '../errors';
import type { Unit } from '../unit-of-work';
import { appendStatements } from './append';
import { ask, type Raw } from './ask';
import { endsTransaction } from './errors';
import { connectionOf } from './session';

/** A COMMIT that the server does not answer in this time is given up: nobody knows then how it ended. In milliseconds. */
const COMMIT_MS = 10_000;

const lateCommit = (): LogUnavailable =>
  new LogUnavailable(`nobody knows whether it was kept: the COMMIT was not answered in ${COMMIT_MS} ms`, true);

/**
 * The connection of one unit. BEGIN goes with its first statement; the last statements and the events go with the COMMIT,
 * each in one round trip (measured: with both, an event costs nothing).
 */
export class MysqlConnection {
  /** After it the transaction is gone, or in doubt. */
  broken?: Error;
  /** Statements that the server has not answered yet. */
  pending = 0;
  private begun = false;

  private constructor(
    private readonly connection: PoolConnection,
    private readonly onStatement: (sql: string) => void,
  ) {}

  static async open(dataSource: DataSource, onStatement: (sql: string) => void = () => undefined) {
    return new MysqlConnection(await connectionOf(dataSource.driver as MysqlDriver), onStatement);
  }

  /** One statement of the unit. */
  async run(sql: string, parameters: unknown[]): Promise<Raw> {
    if (this.begun) return (await this.send(sql, parameters)) as Raw;
    this.begun = true;
    return ((await this.send(`START TRANSACTION; ${sql}`, parameters)) as Raw[])[1];
  }

  /** @throws LogUnavailable when nobody can tell whether it was kept */
  async commit({ events, lastStatements }: Pick<Unit, 'events' | 'lastStatements'>): Promise<void> {
    if (this.broken) throw this.broken;
    if (!this.begun && events.length + lastStatements.length === 0) return;
    for (const { sql } of lastStatements) refuseControl(sql);
    const statements = [
      ...(this.begun ? [] : ['START TRANSACTION']),
      ...lastStatements.map(({ sql, parameters }) => format(sql, parameters)),
      ...appendStatements(events),
      'COMMIT',
    ];
    // One that fails on the way leaves the transaction open.
    this.begun = true;
    await withDeadline(this.send(statements.join('; '), []), COMMIT_MS, lateCommit);
    this.begun = false;
  }

  /** Leaves nothing of the unit, and gives the connection back when it is still good. */
  async end(): Promise<void> {
    if (this.pending > 0 || (this.broken && this.begun)) this.connection.destroy();
    else if (!this.begun) this.connection.release();
    else {
      await this.send('ROLLBACK', [])
        .then(() => this.connection.release())
        .catch(() => this.connection.destroy());
    }
  }

  private async send(sql: string, parameters: unknown[]): Promise<unknown> {
    this.onStatement(sql);
    this.pending += 1;
    try {
      return await ask(this.connection, sql, parameters);
    } catch (error) {
      if (endsTransaction(error)) this.broken ??= error as Error;
      throw error;
    } finally {
      this.pending -= 1;
    }
  }
}

/** What ends or begins a transaction, or does so in passing. `ROLLBACK TO` only undoes a savepoint. */
const TRANSACTION_CONTROL =
  /^\s*(BEGIN|START|COMMIT|ROLLBACK(?!\s+(WORK\s+)?TO\b)|(CREATE|ALTER|DROP|TRUNCATE)\s+TABLE)\b/i;

/** @throws Error */
function refuseControl(sql: string): void {
  if (TRANSACTION_CONTROL.test(sql))
    throw new Error(`A unit of work begins and ends by itself: it can not send ${sql}`);
}

/** Runs the statements of one unit, and none after its end. */
export class MysqlUnitRunner extends MysqlQueryRunner {
  constructor(
    dataSource: DataSource,
    private readonly unit: Unit,
    private readonly writer: MysqlConnection,
  ) {
    super(dataSource.driver as MysqlDriver, 'master');
    // What TypeORM begins inside is a savepoint.
    this.isTransactionActive = true;
    this.transactionDepth = 1;
  }

  /** Nothing lies between the checks and the sending: a promise that nobody awaited writes into no other unit. */
  override async query(sql: string, parameters: unknown[] = [], useStructuredResult = false): Promise<never> {
    this.unit.mustLive();
    // The server has forgotten the transaction: one more statement would commit by itself.
    if (this.writer.broken) throw this.writer.broken;
    refuseControl(sql);
    try {
      const raw = await this.writer.run(sql, parameters);
      if (!useStructuredResult) return raw as never;
      const result = new QueryResult();
      result.raw = raw;
      if (Array.isArray(raw)) result.records = raw;
      else result.affected = raw.affectedRows;
      return result as never;
    } catch (error) {
      throw new QueryFailedError(sql, parameters, error as Error);
    }
  }
}
