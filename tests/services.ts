import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { addressOf, type Daemon, freePort, kafka, mariadb, redis, SERVICES } from '../scripts/services/services.mjs';

/** Where the services are: KAFKA_BROKERS, MARIADB_URL and REDIS_URL say it, or else the usual ports. */
export const kafkaBrokers = (): string[] => addressOf(SERVICES.kafka).split(',');
export const mariadbUrl = (): string => addressOf(SERVICES.mariadb);
export const redisUrl = (): string => addressOf(SERVICES.redis);

/** Unlike any other: for a database, a topic, a group. Small letters and digits. */
export const randomName = (prefix: string): string => `${prefix}_${randomBytes(6).toString('hex')}`;

export interface FreshDatabase {
  /** As DATABASE_URL takes it. */
  url: string;
  drop: () => Promise<void>;
}

/** An empty database with a random name. @param server its URL, by default that of the service. */
export async function freshDatabase(server = mariadbUrl()): Promise<FreshDatabase> {
  const name = randomName('magasin_test');
  const run = async (sql: string): Promise<void> => {
    const { hostname, port, username, password } = new URL(server);
    const connection = await createConnection({
      host: hostname,
      port: Number(port || 3306),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
    });
    try {
      await connection.query(sql);
    } finally {
      await connection.end();
    }
  };
  await run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`DROP DATABASE IF EXISTS ${name}`) };
}

export type OwnServer = Daemon & {
  /** Ends it, and forgets its data. */
  remove: () => Promise<void>;
};

/** A Kafka broker of one's own, that answers already: to be stopped, killed and started again. `needs('java', 'maven')`. */
export const ownKafka = (): Promise<OwnServer> =>
  own('kafka', async (folder) =>
    kafka({ folder, port: await freePort(), controllerPort: await freePort(), tied: true }),
  );

/** The same for MariaDB: `freshDatabase(`mariadb://root@${server.address}`)`. `needs('mariadbd')`. */
export const ownMariadb = (): Promise<OwnServer> =>
  own('mariadb', async (folder) => mariadb({ folder, port: await freePort(), tied: true }));

/** The same for Redis: `redis://${server.address}`. `needs('redis-server')`. */
export const ownRedis = (): Promise<OwnServer> =>
  own('redis', async (folder) => redis({ folder, port: await freePort(), tied: true }));

async function own(name: string, make: (folder: string) => Promise<Daemon>): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), `own-${name}-`));
  const server = await make(folder);
  const remove = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true });
  };
  await server.start();
  return Object.assign(server, { remove });
}
