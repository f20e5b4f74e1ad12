import { setTimeout as delay } from 'node:timers/promises';
import { type BookEvent, faultsOfTheBooks } from '../books';
import { needs } from '../needs';
import { type OwnServer, ownMariadb } from '../services';
import { eventually, type NewUser, readAll, shopFolder, ShopProcess } from '../shop-process';

const SEEDS = 5;
const CLIENTS = 8;
/** So many answers of 503 are waited for while the database is away. */
const REFUSED_AT_LEAST = 30;
/** Lines of the log of all parts of the shop together, for one time that the database is away; each request has its own. */
const LINES_AT_MOST = 30;

interface Refused {
  retryAfter: string | null;
  body: unknown;
}

jest.setTimeout(120_000);

needs('mariadbd')('A shop whose database goes and comes back', () => {
  const { folder, remove } = shopFolder();
  const asked: NewUser[] = [];
  const acknowledged = new Map<number, NewUser>();
  let mariadb: OwnServer;
  let shop: ShopProcess;
  beforeAll(async () => {
    mariadb = await ownMariadb();
    shop = await ShopProcess.start(folder, { DATABASE_URL: `mariadb://root@${mariadb.address}/magasin` });
  });
  afterAll(async () => {
    await shop?.end('SIGKILL');
    await mariadb?.remove();
    await remove();
  });

  /** The request of one user, until it is kept: who is refused tries again with his key. */
  const write = async (user: NewUser, refused: Refused[], meanwhile: () => boolean): Promise<void> => {
    asked.push(user);
    const headers = { 'content-type': 'application/json', 'idempotency-key': `"${user.email}"` };
    for (;;) {
      const response = await fetch(`${shop.store}/users`, { method: 'POST', headers, body: JSON.stringify(user) });
      const body = (await response.json()) as { user_id: number };
      const retryAfter = response.headers.get('retry-after');
      if (response.status === 201) {
        acknowledged.set(body.user_id, user);
        return;
      }
      // A key whose first request still waits for the database is in use: 409, with Retry-After as well.
      expect([503, 409]).toContain(response.status);
      expect(retryAfter).toBe('1');
      if (response.status === 503) refused.push({ retryAfter, body });
      await delay(meanwhile() ? 100 : 20);
    }
  };

  const goneAndBack = async (go: () => Promise<unknown>, comeBack: () => Promise<unknown>) => {
    const refused: Refused[] = [];
    let away = false;
    let open = true;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (open) {
        const number = asked.length;
        const user = { name: `User ${number}`, email: `user${number}@example.com`, user_type_id: (number % 3) + 1 };
        await write(user, refused, () => away);
      }
    });
    // A client that was told something else ends the test at once.
    const all = Promise.all(clients);
    const until = (check: () => void) => Promise.race([eventually(async () => check()), all]);
    const first = acknowledged.size;
    await until(() => expect(acknowledged.size).toBeGreaterThan(first + 20));
    const linesBefore = lines();
    await go();
    away = true;
    await until(() => expect(refused.length).toBeGreaterThan(REFUSED_AT_LEAST));
    const list = await fetch(`${shop.store}/users`, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined);
    const ready = await fetch(`${shop.store}/health/ready`);
    await comeBack();
    away = false;
    const last = acknowledged.size;
    await until(() => expect(acknowledged.size).toBeGreaterThan(last + 20));
    open = false;
    await all;
    return { refused, list: list?.status, ready: ready.status, lines: lines() - linesBefore };
  };

  const lines = (): number => shop.log.split('\n').filter((line) => !line.includes('"context":"http"')).length;

  const cases: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
    ['is stopped and started', () => mariadb.stop(), () => mariadb.start()],
    ['is killed and started', () => mariadb.signal('SIGKILL'), () => mariadb.start()],
    ['is frozen and wakes', () => mariadb.signal('SIGSTOP'), () => mariadb.signal('SIGCONT')],
  ];

  it.each(cases)('answers 503 with Retry-After, and goes on, when it %s', async (_, go, comeBack) => {
    const seen = await goneAndBack(go, comeBack);

    expect(seen.refused[0].body).toMatchObject({ status: 503 });
    expect([seen.list, seen.ready]).toEqual([503, 503]);
    expect(seen.lines).toBeLessThan(LINES_AT_MOST);
    expect(shop.child.exitCode).toBeNull();
    process.stdout.write(`${seen.refused.length} refused, ${seen.lines} lines in the log\n`);
  });

  it('has all that it has acknowledged, once, with one event and one e-mail', async () => {
    // The relay goes on a moment after the database is back.
    await eventually(async () => {
      expect(await readAll<BookEvent>(`${shop.store}/events`)).toHaveLength(acknowledged.size);
      expect(await faultsOfTheBooks(shop)).toEqual([]);
    });
    const users = new Map(
      (await readAll<NewUser & { id: number }>(`${shop.store}/users`)).map((user) => [user.id, user]),
    );
    const events = await readAll<BookEvent>(`${shop.store}/events`);

    for (const [id, user] of acknowledged) expect(users.get(id)).toEqual({ id, ...user });
    expect(users.size - SEEDS).toBe(acknowledged.size);
    expect(events.map(({ data: { id } }) => id).toSorted((a, b) => a - b)).toEqual(
      [...acknowledged.keys()].toSorted((a, b) => a - b),
    );
    expect(await shop.end('SIGTERM')).toBe(0);
  });
});
