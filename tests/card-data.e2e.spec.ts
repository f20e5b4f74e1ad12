import { globSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { eventually, shopFolder, ShopProcess, writeUser } from './shop-process';

const NUMBER = '4929130478825617';
const CODE = '70183';
const GOOD = { cardNumber: NUMBER, cardCode: '7018', expirationDate: '2071-03-29' };

/** However it may have been written down on the way. */
const spellings = (text: string): string[] => [
  text,
  text.replaceAll(/(\d{4})(?=\d)/g, '$1 '),
  text.replaceAll(/(\d{4})(?=\d)/g, '$1-'),
  encodeURIComponent(text.replaceAll(/(\d{4})(?=\d)/g, '$1 ')),
  [...text].toReversed().join(''),
  Buffer.from(text).toString('hex'),
  ...['base64', 'base64url'].map((encoding) =>
    Buffer.from(text)
      .toString(encoding as BufferEncoding)
      .replaceAll('=', ''),
  ),
  ...['sha1', 'sha256', 'md5'].flatMap((hash) =>
    (['hex', 'base64', 'base64url'] as const).map((encoding) => createHash(hash).update(text).digest(encoding)),
  ),
  // A part that tells most of it.
  text.slice(0, 12),
  text.slice(-12),
];
const SECRETS = [...spellings(NUMBER), CODE, GOOD.expirationDate];
const told = (text: string): string[] => SECRETS.filter((secret) => text.includes(secret));

describe('The data of a card', () => {
  const { folder, remove } = shopFolder();
  const answers: { status: number; text: string; headers: string }[] = [];
  let shop: ShopProcess;
  const send = async (
    path: string,
    body: string | object,
    more: Record<string, string> = {},
    type = 'application/json',
    app = shop.payments,
  ): Promise<number> => {
    const response = await fetch(app + path, {
      method: 'POST',
      headers: { 'content-type': type, ...more },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    answers.push({ status: response.status, text, headers: JSON.stringify([...response.headers]) });
    return response.status;
  };

  beforeAll(async () => {
    // Nobody answers there: the call to the store fails, and is logged.
    const sync = { PAYMENTS_MODE: 'sync', STORE_API_URL: 'http://127.0.0.1:1' };
    shop = await ShopProcess.start(folder, { LOG_LEVEL: 'trace', ...sync });
    await writeUser(shop.store, { name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 });
    for (const order_id of [1, 2, 3]) {
      await send('/orders', { user_id: 1, items: [{ product_id: 2, quantity: 1 }] }, {}, undefined, shop.store);
      await send('/payments', { user_id: 1, order_id, total_amount: 59.5 });
    }

    const pay = '/payments/process/1';
    expect(await send(pay, GOOD, { 'idempotency-key': '"my-card"', 'x-correlation-id': 'till 3' })).toBe(200);
    expect(await send(pay, { ...GOOD, cardNumber: Number(NUMBER) }, { 'idempotency-key': '"my-card"' })).toBe(200);
    // Members that nobody asked for, also to the route that keeps answers.
    expect(await send('/payments/process/2', { ...GOOD, note: NUMBER, [NUMBER]: 1, a: { b: [NUMBER] } })).toBe(200);
    // Refused for the other fields, for itself, or before anybody has read it.
    expect(await send('/payments/process/3', { ...GOOD, cardCode: CODE })).toBe(400);
    expect(await send('/payments/process/3', { ...GOOD, cardNumber: `${NUMBER} ` })).toBe(400);
    expect(await send('/payments/process/3', { ...GOOD, cardNumber: [NUMBER] })).toBe(400);
    expect(await send('/payments/process/3', { ...GOOD, cardNumber: { [NUMBER]: NUMBER } })).toBe(400);
    expect(await send('/payments/process/3', { ...GOOD, cardNumber: `${NUMBER}${NUMBER}` })).toBe(400);
    expect(await send('/payments/process/99', GOOD)).toBe(404);
    expect(await send('/payments/process/3', `{"cardNumber":"${NUMBER}",`)).toBe(400);
    expect(await send('/payments/process/3', `{"cardNumber":${NUMBER}x}`)).toBe(400);
    expect(await send('/payments/process/3', `{"cardNumber":${NUMBER}`)).toBe(400);
    expect(await send('/payments/process/3', `{"${NUMBER}":{"__proto__":1}}`)).toBe(400);
    expect(await send('/payments/process/3', `"${NUMBER}"`)).toBe(400);
    expect(await send('/payments/process/3', NUMBER)).toBe(400);
    expect(await send('/payments/process/3', `${'['.repeat(200)}"${NUMBER}"${']'.repeat(200)}`)).toBe(400);
    expect(await send('/payments/process/3', `{"cardNumber":"${NUMBER}${' '.repeat(2_000_000)}"}`)).toBe(413);
    expect(await send('/payments/process/3', `cardNumber=${NUMBER}`, {}, 'application/x-www-form-urlencoded')).toBe(
      415,
    );
    expect(await send('/payments/process/3', NUMBER, {}, 'text/plain')).toBe(415);
    // A path that there is not, and a query: whoever does that has written it where others log it, but not we.
    expect(await send('/payments/procès/3', GOOD)).toBe(404);
    expect(await send(`/payments/process/3?cardNumber=${NUMBER}`, {})).toBe(400);
    await eventually(async () => {
      expect(shop.log).toContain('The store was not told that order 2 is paid');
      const { items } = (await (await fetch(`${shop.coolriel}/emails`)).json()) as { items: { state: string }[] };
      expect(items.map(({ state }) => state)).toContain('sent');
    });
    await shop.end('SIGKILL');
  }, 300_000);
  afterAll(remove);

  it('is in no answer', () => {
    expect(answers).toHaveLength(27);
    for (const { text, headers } of answers) expect(told(text + headers)).toEqual([]);
  });

  it('is in no line of the log, whatever is logged', () => {
    expect(shop.log).toContain('"level":"debug"');
    expect(shop.log).toContain('POST /payments/process/:id 200');
    expect(told(shop.output)).toEqual([]);
  });

  it('is in no byte of the database, nor of what it has not yet put there, nor of the e-mails', () => {
    const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
    const names = files.map(({ name }) => name);

    expect(names).toEqual(expect.arrayContaining(['magasin.sqlite', 'magasin.sqlite-wal', 'welcome_6.html']));
    const contents = files.map(({ parentPath, name }) => readFileSync(`${parentPath}/${name}`, 'latin1'));
    // So it would be found.
    expect(contents.some((content) => content.includes('PaymentReceived'))).toBe(true);
    expect(contents.map((content, index) => [names[index], told(content)])).toEqual(names.map((name) => [name, []]));
  });

  it('is in no row of any table, also not as a number or in a fingerprint', () => {
    const database = new Sqlite(`${folder}/data/magasin.sqlite`, { readonly: true });
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
    const rows = tables.map((table) => ({ table, all: database.prepare(`SELECT * FROM "${table}"`).all() }));
    const keyed = database.prepare('SELECT count(*) FROM keyed_answer').pluck().get();
    database.close();

    expect(tables).toEqual(expect.arrayContaining(['payments', 'event_log', 'keyed_answer', 'email']));
    expect(JSON.stringify(rows)).toContain('PaymentReceived');
    for (const { table, all } of rows) expect([table, told(JSON.stringify(all))]).toEqual([table, []]);
    // It came with a key, and no answer is kept, since with it a fingerprint of the card would be.
    expect(keyed).toBe(0);
  });
});
