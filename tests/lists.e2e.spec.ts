import { type Answer, ask, expectProblem, grace, linked, openShop, type TestShop, type User } from './shop';

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

describe('The lists of a shop', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    for (const name of ['Ada', 'Grace']) await shop.write(grace({ name, email: `${name}@example.com` }));
    await shop.sent(2);
  });
  afterAll(() => shop.remove());

  it('show all users in pages, each linked to the next one', async () => {
    const pages: number[][] = [];
    let url: string | undefined = '/users?limit=3';
    while (url) {
      const page: Answer<Page<User>> = await shop.get(url);
      pages.push(page.body.items.map(({ id }) => id));
      const { nextCursor } = page.body;
      url = linked(page);
      expect(url).toBe(nextCursor === null ? undefined : `/users?limit=3&cursor=${nextCursor}`);
    }

    expect(pages).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it('end with a full page when there are no more', async () => {
    const { body, headers } = await shop.get<Page<User>>('/users?limit=7');

    expect(body.items).toHaveLength(7);
    expect(body.nextCursor).toBeNull();
    expect(headers.get('link')).toBeNull();
  });

  it('go on where a page ended, also when its last user is gone since', async () => {
    const id = await shop.write(grace({ email: 'late@example.com' }));
    const first = await shop.get<Page<User>>('/users?limit=7');
    await shop.delete('/users/7');

    const second = await shop.get<Page<User>>(linked(first)!);

    expect(first.body.items.at(-1)?.id).toBe(7);
    expect(second.body.items.map((user) => user.id)).toEqual([id]);
  });

  const LIMITS = ['0', '501', '-1', '1.5', '1e2', 'all', '', '%F0%9F%98%80', '1&limit=2'];
  const CURSORS = ['', 'x', 'abc', '%00', 'LTE', 'MWUz', 'MS41', 'A'.repeat(500), 'MQ&cursor=Mg'];
  const WRONG = [...LIMITS.map((text) => `limit=${text}`), ...CURSORS.map((text) => `cursor=${text}`)];
  it.each(WRONG)('refuse ?%.40s, by name, wherever they are', async (query) => {
    const pointer = `#/${query.slice(0, query.indexOf('='))}`;

    for (const list of [`${shop.store}/users`, `${shop.store}/events`, `${shop.coolriel}/emails`]) {
      const answer = await ask<{ errors: unknown[] }>(`${list}?${query}`);

      expectProblem(answer, { status: 400, type: 'invalid-input', pointers: answer.body.errors.map(() => pointer) });
    }
  });

  const ODD = ['place=1', 'place[]=1', 'limit[]=1', 'limit[a]=1', '%', '%00', '&&&', '=', '?', '%F0%9F%98%80=1'];
  const INHERITED = ['__proto__=1', '__proto__[limit]=1', 'constructor=1', 'constructor[prototype]=1', 'toString=1'];
  const HARMFUL = ["limit=1'--", 'cursor=1;DROP TABLE users', "type='", 'type=%00', 'stream=%00', 'a'.repeat(5_000)];
  const WRONG_FILTERS = ['order=1', 'order=', 'from=0', 'from=a&from=b', 'stream=a&stream=b', 'state=', 'event=1'];
  it.each([...ODD, ...INHERITED, ...HARMFUL, ...WRONG_FILTERS])(
    'take ?%.40s for no fault of their own',
    async (query) => {
      const store = ['/users', '/events', '/user-types', '/users/1', '/events/1', '/nowhere'];
      const urls = [...store.map((path) => shop.store + path), `${shop.coolriel}/emails`, `${shop.coolriel}/emails/1`];

      const answers = await Promise.all(urls.map((url) => ask(`${url}?${query}`)));

      for (const { status, headers } of answers) {
        expect([200, 400, 404]).toContain(status);
        if (status !== 200) expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      }
    },
  );
});
