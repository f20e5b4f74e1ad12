import type { PoolConnection, RowDataPacket } from 'mysql2';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver';

/** A statement waits so long for a row that another unit has locked. In seconds. */
export const LOCK_WAIT_S = 2;
/** A frozen process may hold its rows for so long. In seconds; MariaDB only. */
export const IDLE_TRANSACTION_S = 3;

export interface Server {
  kind: 'MariaDB' | 'MySQL';
  version: string;
}

const LEAST = { MariaDB: [10, 6], MySQL: [8, 4] } as const;

/** Asks the server what it is, whatever its url says. @throws Error in words for people when it is too old. */
export function serverOf(version: string): Server {
  const kind = /mariadb/i.test(version) ? 'MariaDB' : 'MySQL';
  // MariaDB has put 5.5.5- before its version for old clients.
  const [major, minor] = version
    .replace(/^5\.5\.5-/, '')
    .split('.', 2)
    .map(Number);
  const [least, leastMinor] = LEAST[kind];
  if (major < least || (major === least && minor < leastMinor)) {
    throw new Error(`It is ${kind} ${version}; ${kind} ${least}.${leastMinor} or newer is needed.`);
  }
  return { kind, version };
}

const prepared = new WeakSet<object>();

/** A connection of the pool, with the session that units need. Each is prepared once, the first one too. */
export async function connectionOf(driver: MysqlDriver): Promise<PoolConnection> {
  const connection = (await driver.obtainMasterConnection()) as PoolConnection;
  if (prepared.has(connection)) return connection;
  try {
    await prepare(connection);
  } catch (error) {
    connection.destroy();
    throw error;
  }
  prepared.add(connection);
  return connection;
}

async function prepare(connection: PoolConnection): Promise<void> {
  const ask = async <T>(sql: string): Promise<T> => {
    const [rows] = await connection.promise().query<RowDataPacket[]>(sql);
    return rows[0] as T;
  };
  const { kind } = serverOf((await ask<{ version: string }>('SELECT VERSION() AS version')).version);
  const [isolation, idle] =
    kind === 'MariaDB'
      ? ['@@tx_isolation', `, idle_transaction_timeout = ${IDLE_TRANSACTION_S}`]
      : ['@@transaction_isolation', ''];
  await connection.promise().query(
    `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
     SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = ${LOCK_WAIT_S},
       sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'${idle}`,
  );
  // On REPEATABLE READ writers and relay run into each other by the thousand.
  const { level } = await ask<{ level: string }>(`SELECT ${isolation} AS level`);
  if (level !== 'READ-COMMITTED') throw new Error(`Its sessions stay ${level}; READ COMMITTED is needed.`);
}
