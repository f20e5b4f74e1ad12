// One app as a process of its own, on the services of `npm run services`: `npm run start:store`, `start:payments`,
// `start:coolriel`. What the environment or .env says of the database and the bus counts.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseEnv } from 'node:util';
import './build.mjs';

const written = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
const usual = {
  APPS: process.argv[2],
  DATABASE_URL: 'mariadb://root@127.0.0.1:3306/magasin',
  EVENT_BUS: 'kafka',
  KAFKA_BROKERS: '127.0.0.1:9092',
};
for (const [name, value] of Object.entries(usual)) {
  if (name === 'APPS') process.env[name] = value;
  else process.env[name] ||= written[name] || value;
}

createRequire(import.meta.url)('../dist/apps/magasin/src/main.js');
