import Sqlite from 'better-sqlite3';
import { type Answer, ask, expectProblem, grace, openShop, type TestShop } from './shop';

const HOURS = 3_600_000;
const KEY = '8e03978e-40d5-43dd-bc93-6894a57f9324';
const count = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

describe('A POST with an Idempotency-Key', () => {
  let shop: TestShop;
  beforeEach(async () => {
    shop = await openShop();
  });
  afterEach(() => shop.remove());

  const keyed = <T>(key: string, method: string, path: string, body?: object): Promise<Answer<T>> =>
    ask<T>(shop.store + path, method, body, undefined, { 'idempotency-key': key });
  const post = (key: string, user: object = grace()): Promise<Answer<{ user_id: number }>> =>
    keyed(key, 'POST', '/users', user);
  const replayed = ({ headers }: Answer<unknown>): boolean => headers.get('idempotency-replayed') === 'true';
  const names = async (): Promise<string[]> => (await shop.users()).slice(5).map(({ name }) => name);

  /** Past the shop, in its table. */
  const table = <T = unknown>(sql: string, ...values: unknown[]): T[] => {
    const database = new Sqlite(shop.database.replace('sqlite:', ''));
    const statement = database.prepare<unknown[], T>(sql);
    const rows = statement.reader ? statement.all(...values) : (statement.run(...values), []);
    database.close();
    return rows;
  };

  it('is done once, however often it comes, and answered the same each time', async () => {
    const first = await post(KEY);
    const again = [await post(KEY), await post(`"${KEY}"`)];

    expect(first).toMatchObject({ status: 201, text: '{"user_id":6}' });
    expect(replayed(first)).toBe(false);
    for (const answer of again) {
      expect(answer).toMatchObject({ status: 201, text: first.text });
      expect(replayed(answer)).toBe(true);
      for (const name of ['location', 'content-type', 'content-length']) {
        expect(answer.headers.get(name)).toBe(first.headers.get(name));
      }
    }
    expect(first.headers.get('location')).toBe('/users/6');
    expect(await names()).toEqual(['Grace Hopper']);
    expect(await shop.events()).toHaveLength(1);
    await shop.sent(1);
  });

  it('sent by 20 clients at once is one user, one event, one e-mail, and 20 equal answers', async () => {
    const answers = await Promise.all(count(20).map(() => post(KEY)));

    expect(answers.map(({ status, text }) => `${status} ${text}`)).toEqual(Array(20).fill('201 {"user_id":6}'));
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(Array(20).fill('/users/6'));
    expect(answers.filter(replayed)).toHaveLength(19);
    expect(await names()).toEqual(['Grace Hopper']);
    expect((await shop.events()).map(({ stream, version }) => `${stream} ${version}`)).toEqual(['user-6 1']);
    await shop.sent(1);
  });

  it('is among others: 20 clients with 5 keys are 5 users', async () => {
    const answers = await Promise.all(
      count(20).map((n) => post(`key-${n % 5}`, grace({ email: `u${n % 5}@example.com` }))),
    );

    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body.user_id)).size).toBe(5);
    expect(await names()).toHaveLength(5);
    await shop.sent(5);
  });

  it('stays answered when its user is deleted, and after a new start', async () => {
    await post(KEY);
    await shop.delete('/users/6');
    const after = await post(KEY);
    await shop.stop();
    const { folder, remove } = shop;
    shop = { ...(await openShop(folder)), remove };

    expect(after).toMatchObject({ status: 201, text: '{"user_id":6}' });
    expect(await post(KEY)).toMatchObject({ status: 201, text: '{"user_id":6}' });
    expect(await names()).toEqual([]);
    await shop.stop();
  });

  it('refuses the key for another request, and changes nothing', async () => {
    await post(KEY);

    for (const user of [grace({ name: 'Ada' }), {}, grace({ email: 'ada@example.com' })]) {
      expectProblem(await post(KEY, user), { status: 422, type: 'idempotency-key-reused' });
    }
    expectProblem(await keyed(KEY, 'POST', '/users?x=1', grace()), {
      status: 422,
      type: 'idempotency-key-reused',
    });
    expect(await names()).toEqual(['Grace Hopper']);
  });

  it('keeps no key of a refused request: it may be corrected, or come again', async () => {
    const invalid = await post(KEY, grace({ name: 5 }));
    const unknown = await post(KEY, grace({ user_type_id: 9 }));
    const corrected = await post(KEY);
    const taken = await post('another');

    expectProblem(invalid, { status: 400, type: 'invalid-input', pointers: ['#/name'] });
    expectProblem(unknown, { status: 400, type: 'unknown-user-type', pointers: ['#/user_type_id'] });
    expect(corrected.status).toBe(201);
    expect(replayed(corrected)).toBe(false);
    expectProblem(taken, { status: 409, type: 'user-email-taken', pointers: ['#/email'] });
    expect(taken.headers.get('location')).toBeNull();

    await shop.delete('/users/6');
    expect(await post('another')).toMatchObject({ status: 201, text: '{"user_id":7}' });
    expect(table('SELECT idempotency_key FROM keyed_answer ORDER BY expires_at')).toHaveLength(2);
  });

  it('forgets a key after 24 hours', async () => {
    await post(KEY);
    const [{ expires_at }] = table<{ expires_at: number }>('SELECT expires_at FROM keyed_answer');
    expect(Math.abs(expires_at - Date.now() - 24 * HOURS)).toBeLessThan(HOURS);
    table('UPDATE keyed_answer SET expires_at = ?', Date.now());

    const later = await post(KEY, grace({ email: 'later@example.com' }));
    const again = await post(KEY, grace({ email: 'later@example.com' }));

    expect([later, again].map(({ text, headers }) => `${text} ${headers.get('idempotency-replayed')}`)).toEqual([
      '{"user_id":7} null',
      '{"user_id":7} true',
    ]);
  });

  it('removes expired keys while new ones come, a few at a time', async () => {
    await post(KEY);
    table(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
       INSERT INTO keyed_answer SELECT route, 'old-' || i, fingerprint, i, status, headers, body FROM keyed_answer, n`,
    );
    const old = () => table("SELECT idempotency_key FROM keyed_answer WHERE idempotency_key LIKE 'old-%'").length;
    const more = (from: number) =>
      Promise.all(count(64).map((n) => post(`k${from + n}`, grace({ email: `u${from + n}@example.com` }))));

    const left: number[] = [];
    for (const round of [0, 1, 2]) {
      await more(64 * round);
      // A consumer's turn comes after each group of commands: the next one waits behind it.
      await shop.post('/users', grace({ email: `behind${round}@example.com` }));
      left.push(old());
    }

    expect(left).toEqual([172, 44, 0]);
    expect(table('SELECT idempotency_key FROM keyed_answer')).toHaveLength(193);
  });

  it.each([
    ['nothing', ''],
    ['two keys', 'a, b'],
    ['two quoted keys', '"a", "b"'],
    ['no end', '"a'],
    ['nothing in quotation marks', '""'],
    ['a quotation mark in it', 'a"b'],
    ['a blank in it', 'a b'],
    ['a parameter', '"a";b=1'],
    ['a lone backslash', '"a\\b"'],
    ['umlauts', '"\u00E4"'],
    ['256 characters', 'x'.repeat(256)],
    ['256 characters in quotation marks', `"${'x'.repeat(256)}"`],
  ])('refuses a malformed key: %s', async (_what, key) => {
    expectProblem(await post(key), { status: 400, type: 'invalid-idempotency-key' });
    expect(await names()).toEqual([]);
  });

  it.each([
    ['x'.repeat(255), `"${'x'.repeat(255)}"`],
    ['dGVzdA==', '"dGVzdA=="'],
    ['"a \\"b\\" \\\\ c"', '"a \\"b\\" \\\\ c"'],
    ['urn:uuid:8e03978e', '"urn:uuid:8e03978e"'],
  ])('takes %.30s', async (key, quoted) => {
    const [first, again] = [await post(key), await post(quoted)];

    expect([first.status, replayed(first), again.status, replayed(again)]).toEqual([201, false, 201, true]);
  });

  it('is a plain one for GET and DELETE, and without the key as before', async () => {
    await post(KEY);

    for (const _ of [1, 2]) {
      expect(replayed(await keyed(KEY, 'GET', '/users'))).toBe(false);
    }
    expect((await keyed(KEY, 'DELETE', '/users/6')).status).toBe(200);
    expect((await keyed(KEY, 'DELETE', '/users/6')).status).toBe(404);
    expect((await shop.post('/users', grace())).status).toBe(201);
    expectProblem(await shop.post('/users', grace()), { status: 409, type: 'user-email-taken', pointers: ['#/email'] });
  });
});
