import type { PoolConnection } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { DataSource, type QueryRunner } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';
import { MysqlQueryRunner } from 'typeorm/driver/mysql/MysqlQueryRunner';
import type { DatabaseOptions, LogDatabase } from '../database';
import { ReadDataSource } from '../read-data-source';
import { withDeadline } from '../deadline';
import { LogUnavailable } from '../errors';
import { ask, type Raw } from './ask';
import { isAway, translated } from './errors';
import { mysqlAddress, mysqlOptions } from './options';
import { CreateEventLog1764000000000 } from '../schema';
import { connectionOf, serverOf } from './session';
import { WriteDataSource } from '../write-data-source';
import { MysqlUnits } from './units';

// Of one process: eight of them stay below the 151 that a server allows by default. More gain nothing on two cores.
const READERS = 4;
const COMMANDS = 8;
const CONSUMERS = 5;

/** A read that the server does not answer in this time is given up. In milliseconds. */
const READ_MS = 10_000;

/** Several processes may start at once: one migrates, the others wait so long for it. In seconds. */
const MIGRATION_WAIT_S = 120;

/** Opens a database of MariaDB or MySQL: makes it when it is missing, and brings its tables up to date. */
export async function openMysql(options: DatabaseOptions): Promise<LogDatabase> {
  await createDatabase(options.url);
  await migrateMysql(options);
  const reading = await openMysqlReading(options);
  const [commands, consumers, single] = await Promise.all(
    [COMMANDS, CONSUMERS, 1].map((connections) =>
      new WriteDataSource(mysqlOptions({ ...options, migrations: [], connections })).initialize(),
    ),
  );
  const { onStatement } = options;
  return {
    reading,
    units: (unit) => new MysqlUnits({ command: commands, consumer: consumers }, { ...unit, onStatement }),
    async atOnce<Row>(statements: string[]) {
      const connection = await connectionOf(single.driver as MysqlDriver).catch(translate);
      try {
        const raw = await ask(connection, statements.join(';\n'));
        connection.release();
        return (statements.length > 1 ? (raw as Raw[]) : [raw]).map((each) =>
          Array.isArray(each) ? (each as Row[]) : each.affectedRows,
        );
      } catch (error) {
        // It may hold an open transaction.
        connection.destroy();
        throw translated(error);
      }
    },
    async close() {
      for (const dataSource of [reading, single]) if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}

/** Committed rows alone. @throws Error when the server or the database is not there */
export async function openMysqlReading(options: Pick<DatabaseOptions, 'url' | 'entities'>): Promise<ReadDataSource> {
  return new MysqlReadDataSource(mysqlOptions({ ...options, connections: READERS })).initialize();
}

class MysqlReadDataSource extends ReadDataSource {
  protected override runner(): QueryRunner {
    return new ReadRunner(this.driver as MysqlDriver, 'slave');
  }
}

/** Says LogUnavailable when the server is away or silent. */
class ReadRunner extends MysqlQueryRunner {
  override async query(sql: string, parameters?: unknown[], useStructuredResult = false): Promise<never> {
    const answer = super.query(sql, parameters, useStructuredResult);
    try {
      return (await withDeadline(answer, READ_MS, () => new Silent())) as never;
    } catch (error) {
      if (error instanceof Silent) this.giveUp(answer);
      throw translated(error);
    }
  }

  /** Whoever is next gets another connection. One that comes only now goes back when its statement is done. */
  private giveUp(answer: Promise<unknown>): void {
    const connection = this.databaseConnection as PoolConnection | undefined;
    connection?.destroy();
    const giveBack = (): void => (connection ? undefined : (this.databaseConnection as PoolConnection)?.release());
    void answer.then(giveBack, giveBack);
  }
}

class Silent extends LogUnavailable {
  constructor() {
    super(`it has not answered for ${READ_MS} ms`);
  }
}

/** Makes it when it is missing. @throws Error for a server that is too old */
export async function createDatabase(url: string): Promise<void> {
  const { username: user, database, ...address } = mysqlAddress(url);
  const connection = await createConnection({ ...address, user, connectTimeout: 2_000 }).catch(translate);
  try {
    const [[{ version }]] = (await connection.query('SELECT VERSION() AS version')) as unknown as [
      [{ version: string }],
    ];
    serverOf(version);
    const [found] = (await connection.query('SHOW DATABASES LIKE ?', [database])) as unknown as [unknown[]];
    if (found.length === 0) {
      await connection.query(`CREATE DATABASE IF NOT EXISTS \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
    }
  } finally {
    await connection.end().catch(() => undefined);
  }
}

/** Brings its tables up to date. Several processes may do so at once. */
export async function migrateMysql({ url, migrations }: Pick<DatabaseOptions, 'url' | 'migrations'>): Promise<void> {
  const all = [CreateEventLog1764000000000, ...migrations] as never[];
  const dataSource = await new DataSource(
    mysqlOptions({ url, entities: [], migrations: all, connections: 2 }),
  ).initialize();
  const { database } = mysqlAddress(url);
  const lock = dataSource.createQueryRunner();
  try {
    // The lock goes with the connection: whoever dies while he migrates frees it.
    const name = `migrate ${database}`.slice(0, 64);
    const [{ got }] = (await lock.query('SELECT GET_LOCK(?, ?) AS got', [name, MIGRATION_WAIT_S])) as [{ got: number }];
    if (got !== 1) throw new Error(`Another process has been changing its tables for ${MIGRATION_WAIT_S} seconds.`);
    await dataSource.runMigrations({ transaction: 'none' });
  } finally {
    await lock.release();
    await dataSource.destroy();
  }
}

function translate(error: unknown): never {
  throw isAway(error) ? translated(error) : error;
}
