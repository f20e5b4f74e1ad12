import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createConnection } from 'mysql2/promise';

/** Where a spec gets its databases from. */
export interface TestDatabases {
  /** @returns the url of one that is new and empty */
  create(): string;
  remove(url: string): Promise<void>;
}

/** Each a file in a folder of its own. */
export const files: TestDatabases = {
  create: () => `sqlite:${join(mkdtempSync(join(tmpdir(), 'magasin-')), 'test.sqlite')}`,
  remove: async (url) => rmSync(dirname(url.replace('sqlite:', '')), { recursive: true, force: true }),
};

const SERVER = new URL(process.env.MARIADB_URL ?? 'mariadb://root@127.0.0.1:3306');

/** Each with a name of its own on a MariaDB or MySQL. The log makes it when it is opened. */
export const server: TestDatabases = {
  create: () => new URL(`/magasin_${randomBytes(6).toString('hex')}`, SERVER).href,
  async remove(url) {
    const { hostname: host, port, username: user, password, pathname } = new URL(url);
    const connection = await createConnection({ host, port: Number(port), user, password });
    await connection.query(`DROP DATABASE IF EXISTS \`${pathname.slice(1)}\``);
    await connection.end();
  },
};

/**
 * The suite on SQLite and on MariaDB. Where no server answers, its half is skipped, and says so at the very end; with
 * CI=true it fails, unless WITHOUT leaves MariaDB out.
 */
export function onBothDatabases(name: string, suite: (databases: TestDatabases) => void): void {
  describe(`${name} (SQLite)`, () => suite(files));
  // As services.setup.cjs found it, before the first test.
  const { mariadb: missing } = JSON.parse(process.env.MISSING_SERVICES ?? '{}') as { mariadb?: string };
  const leftOut = process.env.WITHOUT?.split(',').includes('mariadb');
  if (missing === undefined) describe(`${name} (MariaDB)`, () => suite(server));
  else if (process.env.CI === 'true' && !leftOut) it(`${name} (MariaDB)`, () => expect(missing).toBe(''));
  else describe.skip(`${name} (MariaDB) [needs mariadb: ${missing}]`, () => suite(server));
}
