import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Ended, expectForPeople, magasin } from './cli';
import { eventually, readAll, shopFolder, ShopProcess } from './shop-process';

interface Told {
  agree: boolean;
  rows: { what: string; agree: boolean; asked?: number; consumers?: number }[];
  differences: string[];
}

const SMALL_DAY = ['--customers', '8'];
/** A day takes seconds, and more beside other tests. */
const LONG = 120_000;

describe('npm run demo', () => {
  const { folder, remove } = shopFolder();
  const database = join(folder, 'data', 'magasin.sqlite');
  const kept = join(folder, 'day.json');
  let shop: ShopProcess;
  const demo = (args: string[], environment?: Record<string, string>): Promise<Ended> =>
    magasin(['demo', ...args, '--url', shop.store, '--payments-url', shop.payments, '--coolriel-url', shop.coolriel], {
      cwd: folder,
      environment,
    });
  beforeAll(async () => {
    shop = await ShopProcess.start(folder);
  });
  afterAll(async () => {
    await shop.end('SIGKILL');
    await remove();
  });

  it(
    'plays a day, and all agree on it',
    async () => {
      const { code, out, err } = await demo([...SMALL_DAY, '--save', kept]);

      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^WHAT +ASKED +TABLES +LOG +CONSUMERS +REPORTS +MAILBOX +AGREE\n/);
      expect(out).not.toContain(' NO\n');
      expect(out).toMatch(/^users made +8 +- +8 +- +- +8 +yes$/m);
      expect(out).toMatch(/^events poisoned +1 +- +1 +1 +- +- +yes$/m);
      expect(out).toMatch(/^streams parked +0 +- +- +0 +- +- +yes$/m);
      for (const what of ['orders to be paid', 'orders paid', 'orders cancelled', 'payments given back', 'money kept'])
        expect(out).toMatch(new RegExp(`^${what} +[1-9]`, 'm'));
      expect(out).toMatch(/\nAll agree on the day \w+: \d\d orders, and [1-9]\d* that were refused\.\n$/);
      expect(readFileSync(kept, 'utf8')).not.toMatch(/9999999999999|"123"/);
    },
    LONG,
  );

  it(
    'plays another one on a shop that has data, and leaves the poisoned event where it is',
    async () => {
      const { code, out } = await demo([...SMALL_DAY, '--seed', '7', '--poison', 'leave', '--json']);

      const { agree, rows, differences } = JSON.parse(out) as Told;
      expect({ code, agree, differences }).toEqual({ code: 0, agree: true, differences: [] });
      expect(rows.find(({ what }) => what === 'streams parked')).toMatchObject({ asked: 1, consumers: 1 });
      expect((await magasin(['parked', '--url', shop.store])).out).toMatch(/^coolriel +\w{16} +1 +1 /m);
    },
    LONG,
  );

  it(
    'poisons nothing where the log is not at hand, and says so',
    async () => {
      const { code, out, err } = await demo(SMALL_DAY, { DATABASE_URL: 'sqlite:elsewhere.sqlite' });

      expect(code).toBe(0);
      expect(err).toMatch(/^No event is poisoned: There is no log in sqlite:elsewhere\.sqlite yet\..*DATABASE_URL/);
      expect(out).not.toContain('events poisoned');
      expect(existsSync(join(folder, 'elsewhere.sqlite'))).toBe(false);
    },
    LONG,
  );

  it(
    'poisons nothing in a copy of the log, which has its identity',
    async () => {
      const copy = join(folder, 'copy.sqlite');
      new Sqlite(database).exec(`VACUUM INTO '${copy}'`).close();
      const newest = (): unknown => new Sqlite(copy, { readonly: true }).prepare('SELECT max(id) FROM event_log').get();
      const before = newest();

      const { code, err } = await demo(SMALL_DAY, { DATABASE_URL: `sqlite:${copy}` });

      expect(code).toBe(0);
      expect(err).toMatch(/^No event is poisoned: The log of this shop is not the one in sqlite:.*copy\.sqlite/);
      expect(newest()).toEqual(before);
    },
    LONG,
  );

  it(
    'finds that a day that was kept still stands',
    async () => {
      expect(await demo(['--compare', kept])).toMatchObject({ code: 0, err: '' });
    },
    LONG,
  );

  const FIRST = 'SELECT min(id) FROM';
  it.each([
    [
      'an e-mail that is lost',
      "DELETE FROM email WHERE template = 'refund' AND recipient LIKE ?",
      'e-mails',
      /^PaymentRefunded of payment-\d+ \(event \d+\): there is no refund in the mailbox$/m,
    ],
    [
      'an e-mail that never went',
      "UPDATE email SET state = 'failed' WHERE template = 'goodbye' AND recipient LIKE ?",
      'e-mails',
      /^UserDeleted of user-\d+ \(event \d+\): e-mail \d+ is failed$/m,
    ],
    [
      'a user with another name',
      `UPDATE users SET name = 'Eve' WHERE id = (${FIRST} users WHERE email LIKE ?)`,
      'users there',
      /^user \d+: name was asked to be ".+", the table has "Eve"$/m,
    ],
    [
      'a stock with a unit too many',
      'UPDATE stocks SET quantity = quantity + 1 WHERE product_id = (SELECT min(product_id) FROM order_items JOIN orders ON id = order_id WHERE user_email LIKE ?)',
      'units in stock',
      /^stock of product \d+ \(DEMO-\w+-\d\): asked \d+, tables \d+, log \d+, reports \d+$/m,
    ],
    [
      'an order that is not paid any more',
      `UPDATE orders SET is_paid = 0 WHERE id = (${FIRST} orders WHERE is_paid = 1 AND user_email LIKE ?)`,
      'orders paid',
      /^order \d+: is_paid was asked to be true, the table has false$/m,
    ],
    [
      'a payment that is not given back',
      `UPDATE payments SET state = 'paid' WHERE id = (${FIRST} payments WHERE state = 'refunded' AND order_id > 0 AND ? <> '')`,
      'payments given back',
      /^payment \d+ of order \d+: state was asked to be "refunded", the table has "paid"$/m,
    ],
    [
      'an event that says something else',
      `UPDATE event_log SET payload = replace(payload, '"name":"', '"name":"x') WHERE id = (${FIRST} event_log WHERE type = 'UserCreated' AND payload LIKE ?)`,
      'users made',
      /^user \d+: name was asked to be ".+", the log has "x.+"$/m,
    ],
    [
      'a report that has not heard of it',
      'UPDATE highest_spenders SET expense_cents = expense_cents + 100000000 WHERE user_id = (SELECT min(user_id) FROM orders WHERE user_email LIKE ?)',
      'highest spenders (of ten)',
      /^highest spenders: user \d+ has \d+\.\d+, asked was \d+\.\d+$/m,
    ],
  ])(
    'notices %s',
    async (_what, sql, row, difference) => {
      const { run } = JSON.parse(readFileSync(kept, 'utf8')) as { run: string };
      const stranger = new Sqlite(database);
      stranger.pragma('foreign_keys = OFF');
      const { changes } = stranger.prepare(sql).run(`%${run}.example.com%`);
      stranger.close();

      const { code, out } = await demo(['--compare', kept]);

      expect(changes).toBeGreaterThan(0);
      expect(code).toBe(1);
      expect(out).toMatch(new RegExp(`^${row.replaceAll(/[()]/g, '\\$&')} .* NO$`, 'm'));
      expect(out).toMatch(difference);
      expect(out).toMatch(/\nThey do not agree on the day \w+: \d+ differences\.\n$/);
    },
    LONG,
  );

  it(
    'says that nobody answers, before it has done anything',
    async () => {
      const nobody = await magasin([
        'demo',
        '--url',
        shop.store,
        '--coolriel-url',
        shop.coolriel,
        '--payments-url',
        'localhost:1098',
      ]);
      const forgotten = await magasin(['demo', '--url', shop.store, '--coolriel-url', shop.coolriel]);
      const none = await magasin(['demo', '--customers', '0']);

      expect(nobody).toMatchObject({ code: 3, out: '' });
      expect(nobody.err).toMatch(/^Not reached: nobody answers for payments at http:\/\/localhost:1098 \(/);
      expectForPeople(nobody);
      expect(forgotten).toMatchObject({ code: 2, out: '' });
      expect(forgotten.err).toContain('give it by --payments-url too');
      expect(none).toMatchObject({ code: 2, out: '' });
    },
    LONG,
  );

  it(
    'goes on after the shop was killed and started again, and all agree',
    async () => {
      const ports = {
        STORE_MANAGER_PORT: new URL(shop.store).port,
        PAYMENTS_PORT: new URL(shop.payments).port,
        COOLRIEL_PORT: new URL(shop.coolriel).port,
      };
      const before = (await readAll(`${shop.store}/events`)).length;
      const day = demo(['--customers', '60', '--seed', '3', '--json']);
      await eventually(async () =>
        expect((await readAll(`${shop.store}/events`)).length).toBeGreaterThan(before + 100),
      );
      await shop.end('SIGKILL');
      shop = await ShopProcess.start(folder, ports);

      const { code, out } = await day;
      expect((JSON.parse(out) as Told).differences).toEqual([]);
      expect(code).toBe(0);
    },
    LONG,
  );
});
