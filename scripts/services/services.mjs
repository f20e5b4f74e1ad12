// What Magasin can use: where each service is, how it is asked, who starts it natively.
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { askKafka, askMariadb, askRedis } from './answers.mjs';
import { kafka } from './kafka.mjs';
import { mariadb } from './mariadb.mjs';
import { redis } from './redis.mjs';

export { freePort } from './daemon.mjs';
export { kafka, mariadb, redis };

/** Each with the variable that says its address, and what that is when nobody says another. */
export const SERVICES = {
  mariadb: {
    title: 'MariaDB',
    variable: 'MARIADB_URL',
    usualPort: 3306,
    at: (port) => `mariadb://root@127.0.0.1:${port}`,
    ask: askMariadb,
    native: mariadb,
  },
  redis: {
    title: 'Redis',
    variable: 'REDIS_URL',
    usualPort: 6379,
    at: (port) => `redis://127.0.0.1:${port}`,
    ask: askRedis,
    native: redis,
  },
  kafka: {
    title: 'Kafka',
    variable: 'KAFKA_BROKERS',
    usualPort: 9092,
    at: (port) => `127.0.0.1:${port}`,
    ask: askKafka,
    native: kafka,
  },
};

/** As the apps read their settings: the environment, then .env, then the usual place. */
export function addressOf({ variable, at, usualPort }) {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return process.env[variable] || file[variable] || at(usualPort);
}

/**
 * Where that is. `startable`: one that is started here would be what the address means. It listens on this machine
 * alone, is one broker and not several, and lets root in without a password.
 */
export function placeOf(service) {
  const address = addressOf(service);
  const { hostname, port, username, password } = new URL(address.includes('://') ? address : `kafka://${address}`);
  const local = ['127.0.0.1', 'localhost'].includes(hostname);
  return {
    host: hostname,
    port: Number(port || service.usualPort),
    startable: local && !password && ['', 'root'].includes(username) && !address.includes(','),
  };
}
