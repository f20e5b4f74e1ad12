import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import Sqlite from 'better-sqlite3';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { poison } from '../scripts/poison.cjs';
import { faultsOfTheBooks, readBooks } from './books';
import { expectForPeople, magasin } from './cli';
import { ask, linkOf, order, pay } from './customers';
import { type EveryRow, everyRow } from './every-row';
import { needs } from './needs';
import { type FreshDatabase, freshDatabase } from './services';
import { eventually, shopFolder, ShopProcess } from './shop-process';

const MAIN = resolve('dist/apps/magasin/src/cli/main.js');
const KEYED = { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'once' } };
const BODY = JSON.stringify({ name: 'Ada 💡', email: 'Moved@Example.com', user_type_id: 1 });

/** How far the positions were given is noted where they are not the ids. */
const withoutRelay = ({ event_relay, ...rows }: EveryRow): EveryRow => rows;

const keyed = async (store: string): Promise<unknown> =>
  (await fetch(`${store}/users`, { ...KEYED, body: BODY })).json();

needs('mariadb')('npm run move', () => {
  const { folder, remove } = shopFolder();
  const source = `sqlite:${join(folder, 'shop.sqlite')}`;
  const databases: FreshDatabase[] = [];
  const fresh = async (): Promise<string> => {
    databases.push(await freshDatabase());
    return databases.at(-1)!.url;
  };
  let userOfKey: unknown;
  let before: Awaited<ReturnType<typeof everyRow>>;

  let shop: ShopProcess;
  const start = async (url: string): Promise<ShopProcess> =>
    (shop = await ShopProcess.start(folder, { DATABASE_URL: url }));

  /** Something of everything that a shop keeps. */
  beforeAll(async () => {
    await start(source);
    userOfKey = await keyed(shop.store);
    for (const cancelled of [false, true, false]) {
      const id = (await order(shop.store, 1))!;
      await pay((await linkOf(shop.store, id))!);
      if (cancelled) await ask(`${shop.store}/orders/${id}`, 'DELETE');
    }
    await order(shop.store, 2);
    // The id of a product that is gone, and the last one that there was, is never given again.
    const product = await ask<{ product_id: number }>(`${shop.store}/products`, 'POST', {
      name: 'Gone',
      sku: 'G',
      price: 1,
    });
    await ask(`${shop.store}/products/${product!.body.product_id}`, 'DELETE');
    await poison(source, 'user-900000', '{"event":"UserCreated"');
    await ask(`${shop.store}/admin/rebuilds`, 'POST', { consumer: 'best-sellers', who: 'test', why: 'test' });
    await eventually(async () => {
      expect(await (await fetch(`${shop.store}/admin/instances`)).json()).toEqual(
        expect.arrayContaining([expect.objectContaining({ state: 'active' })]),
      );
      expect((await readBooks(shop)).emails.filter(({ state }) => state !== 'sent')).toEqual([]);
    });
    expect(await shop.end('SIGTERM')).toBe(0);
    const stranger = new Sqlite(source.replace('sqlite:', ''));
    stranger.exec(`INSERT INTO recipient_line (recipient, due_at, attempt) VALUES ('Ada@Example.com', 7, NULL)`);
    stranger.close();
    before = await everyRow(source);
  });
  afterAll(async () => {
    await shop.end('SIGKILL');
    await Promise.all(databases.map(({ drop }) => drop()));
    await remove();
  });

  it('moves every row of every table, into the other family of SQL and into its own, and back', async () => {
    expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([]);
    const places = [
      source,
      await fresh(),
      await fresh(),
      `sqlite:${join(folder, 'back.sqlite')}`,
      `sqlite:${join(folder, 'copy.sqlite')}`,
    ];
    for (const [index, to] of places.slice(1).entries()) {
      const { code, out, err } = await magasin(['move', places[index], to, '--json']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const { tables } = JSON.parse(out) as { tables: { table: string; rows: number }[] };
      expect(Object.fromEntries(tables.map(({ table, rows }) => [table, rows]))).toEqual(
        Object.fromEntries(Object.entries(before).map(([table, rows]) => [table, rows.length])),
      );
      expect(withoutRelay(await everyRow(to))).toEqual(withoutRelay(before));
    }
    expect(await everyRow(source)).toEqual(before);

    // A shop goes on there where it was stopped.
    for (const [index, url] of places.slice(2, 4).entries()) {
      await start(url);
      expect(await keyed(shop.store)).toEqual(userOfKey);
      expect(
        (await ask<{ product_id: number }>(`${shop.store}/products`, 'POST', { name: 'New', sku: 'N', price: 1 }))
          ?.body,
      ).toEqual({ product_id: 6 });
      const id = (await order(shop.store, 1))!;
      expect(id).toBe(5);
      await pay((await linkOf(shop.store, id))!);
      await eventually(async () => {
        const faults = await faultsOfTheBooks(shop);
        expect({
          index,
          faults: faults.filter((fault) => !fault.includes('user-900000') && !fault.includes('UserCreated')),
        }).toEqual({ index, faults: [] });
      });
      expect(await shop.end('SIGTERM')).toBe(0);
    }
  });

  it('refuses a target that has data, the source itself, and what is no shop', async () => {
    const full = `sqlite:${join(folder, 'copy.sqlite')}`;
    const nowhere = `sqlite:${join(folder, 'nowhere.sqlite')}`;
    const refused = async (...pair: string[]): Promise<string> => {
      const ended = await magasin(['move', ...pair]);
      expect(ended).toMatchObject({ code: 1, out: '' });
      expectForPeople(ended);
      return ended.err;
    };
    expect(await refused(source, full)).toMatch(/^Nothing was done: There is data in sqlite:.*copy\.sqlite already\./);
    expect(await refused(source, source)).toContain('It is there already: the two are the same.');
    expect(await refused(nowhere, await fresh())).toContain(`There is no database in ${nowhere}.`);
    expect(await refused(await fresh(), nowhere)).toMatch(/There is no shop in mariadb:.*: it has no log\./);
    expect(await magasin(['move', source, 'postgres://localhost/x'])).toMatchObject({ code: 2, out: '' });
  });

  it.each(['SQLite', 'MariaDB'])('refuses both ends while a shop runs there, be it idle (%s)', async (kind) => {
    const url = kind === 'SQLite' ? `sqlite:${join(folder, 'idle.sqlite')}` : await fresh();
    await start(url);

    for (const pair of [
      [url, await fresh()],
      [source, url],
    ]) {
      const { code, err } = await magasin(['move', ...pair]);
      expect(code).toBe(1);
      expect(err).toMatch(kind === 'SQLite' ? /A process has sqlite:.* open/ : /Somebody is connected to mariadb:/);
    }
    expect(
      await ask(`${shop.store}/users`, 'POST', { name: 'A', email: 'a@example.com', user_type_id: 1 }),
    ).toMatchObject({ status: 201 });
    expect(await shop.end('SIGTERM')).toBe(0);
  });

  it('killed in the middle, leaves a target that no shop opens, and begins again', async () => {
    const url = await fresh();
    const { hostname: host, port, username: user, password, pathname } = new URL(url);
    const name = pathname.slice(1);
    // They are connected to no database: a move wants its own to be nobody else's.
    const [stranger, blocker] = await Promise.all(
      [1, 2].map(() => createConnection({ host, port: Number(port || 3306), user, password })),
    );
    const count = (table: string): Promise<number> =>
      stranger
        .query<RowDataPacket[]>(`SELECT count(*) AS n FROM ${name}.${table}`)
        .then(([[{ n }]]) => n as number)
        .catch(() => -1);
    const child = spawn(process.execPath, [MAIN, 'move', source, url], { stdio: 'ignore' });
    const gone = new Promise((done) => child.once('close', done));
    // The last table of the migrations: when it is there, the move goes on up to it, and no farther.
    await eventually(async () => expect(await count('recipient_line')).toBe(0));
    await blocker.query(`LOCK TABLES ${name}.recipient_line WRITE`);
    await eventually(async () => expect(await count('log_identity')).toBe(0));
    child.kill('SIGKILL');
    await gone;
    await blocker.end();
    expect(await count('log_identity')).toBe(0);

    const opened = ShopProcess.spawn(folder, { DATABASE_URL: url });
    expect(await opened.ended).not.toBe(0);
    expect(opened.output).toContain('A move into it was not ended: begin it again, npm run move.');
    const { code, err } = await magasin(['move', source, url]);
    expect({ code, err }).toEqual({ code: 0, err: 'A move into it had not come to its end: it was begun again.\n' });
    expect(withoutRelay(await everyRow(url))).toEqual(withoutRelay(before));
    expect(await everyRow(source)).toEqual(before);
    await stranger.end();
  });
});
