import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runHistory } from './history-process';
import { poison } from '../scripts/poison.cjs';
import { grace, openShop, type TestShop } from './shop';
import { shopFolder } from './shop-process';

describe('npm run history', () => {
  const { folder, remove } = shopFolder();
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(async () => {
    await shop.remove();
    await remove();
  });

  const run = (url: string) => runHistory(folder, url);
  const file = join(folder, 'output', 'user_events_history.json');
  const written = (): unknown[] => JSON.parse(readFileSync(file, 'utf8')) as unknown[];
  const said = (count: number) => ({ code: 0, out: `${count} events of users in ${file}\n`, err: '' });

  it('writes an empty array when nothing has happened', async () => {
    expect(await run(shop.database)).toEqual(said(0));
    expect(written()).toEqual([]);
  });

  it('writes the flat values of all events in their order, and how many there are', async () => {
    const id = await shop.write(grace({ name: 'Zoë "😀" \\' }));
    await shop.write(grace({ email: 'two@example.com', user_type_id: 3 }));
    await shop.delete(`/users/${id}`);

    expect(await run(shop.database)).toEqual(said(3));
    const events = await shop.events();
    expect(written()).toEqual(events.map(({ data }) => data));
    expect(written()).toMatchObject([
      { event: 'UserCreated', id: 6, name: 'Zoë "😀" \\', email: 'grace@example.com', user_type_id: 1 },
      { event: 'UserCreated', id: 7, user_type_id: 3 },
      { event: 'UserDeleted', id: 6, name: 'Zoë "😀" \\', email: 'grace@example.com', user_type_id: 1 },
    ]);
    expect(Object.keys(events[0].data)).toEqual(['event', 'id', 'name', 'email', 'user_type_id', 'datetime']);
  });

  it('writes what has happened so far while users are written, of a long log too', async () => {
    const writing = (async () => {
      for (let round = 0; round < 30; round++) {
        await Promise.all(
          Array.from({ length: 50 }, (_, n) => shop.write(grace({ email: `r${round}n${n}@example.com` }))),
        );
      }
    })();

    const { code, out } = await run(shop.database);
    const during = written();
    await writing;
    const { out: last } = await run(shop.database);

    const events = (await shop.events()).map(({ data }) => data);
    expect(code).toBe(0);
    expect(out).toBe(said(during.length).out);
    expect(during).toEqual(events.slice(0, during.length));
    expect(last).toBe(said(1_503).out);
    expect(written()).toEqual(events);
    expect(readdirSync(join(folder, 'output'))).toEqual(['user_events_history.json']);
  });

  it('writes JSON also where something else was put into the log by hand', async () => {
    await poison(shop.database, 'user-0', 'no JSON');

    expect(await run(shop.database)).toEqual(said(1_504));
    expect(written().at(-1)).toBe('no JSON');
  });

  it('says that there is no log yet, ends with 1, and makes none', async () => {
    const url = `sqlite:${join(folder, 'none', 'shop.sqlite')}`;

    expect(await run(url)).toEqual({
      code: 1,
      out: '',
      err: `There is no log in ${url} yet. Start the shop once: npm start.\n`,
    });
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('names a setting that is wrong', async () => {
    const { code, err } = await run('postgres://localhost/magasin');

    expect(code).toBe(1);
    expect(err).toMatch(/^The setting DATABASE_URL is "postgres:\/\/localhost\/magasin": accepted is sqlite:<file>/);
  });
});
