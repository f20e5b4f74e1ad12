import { ask, expectProblem, grace, openShop, type TestShop, type User } from './shop';

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
      const { body, headers } = await shop.get<Page<User>>(url);
      pages.push(body.items.map(({ id }) => id));
      const linked: string | undefined = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
      expect(linked).toBe(body.nextCursor === null ? undefined : `/users?limit=3&cursor=${body.nextCursor}`);
      url = linked;
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
    const id = await shop.write(grace());
    const { body } = await shop.get<Page<User>>('/users?limit=8');
    expect(body.nextCursor).toBeNull();
    const { body: first } = await shop.get<Page<User>>('/users?limit=7');
    await shop.delete('/users/7');

    const { body: second } = await shop.get<Page<User>>(`/users?limit=7&cursor=${first.nextCursor}`);

    expect(second.items.map((user) => user.id)).toEqual([id]);
  });

  const WRONG = {
    limit: ['0', '501', '-1', '1.5', '1e2', 'all', '', '%F0%9F%98%80'].map((limit) => `limit=${limit}`),
    limits: ['limit=1&limit=2'],
    cursor: ['', 'x', 'abc', '%00', 'LTE', 'MWUz', 'MS41', 'A'.repeat(500)].map((cursor) => `cursor=${cursor}`),
    cursors: ['cursor=MQ&cursor=Mg'],
  };
  it.each(Object.values(WRONG).flat())('refuse ?%.40s, by name, wherever they are', async (query) => {
    for (const list of [`${shop.store}/users`, `${shop.store}/events`, `${shop.coolriel}/emails`]) {
      const answer = await ask<{ errors: { pointer: string }[] }>(`${list}?${query}`);

      const pointers = answer.body.errors.map(() => `#/${query.slice(0, query.indexOf('='))}`);
      expectProblem(answer, { status: 400, type: 'invalid-input', pointers });
    }
  });

  it.each(
    [
      ['place=1', 'place[]=1', 'limit[]=1', 'limit[a]=1'],
      ['__proto__=1', '__proto__[limit]=1', 'constructor=1', 'constructor[prototype]=1', 'toString=1', 'then=1'],
      ['%', '%00', '&&&', '=', '?', '#', '%F0%9F%98%80=%F0%9F%98%80', 'a'.repeat(5_000)],
      ["limit=1'--", 'cursor=1;DROP TABLE users', 'type=%00', 'stream=%00', "type='", 'order=1', 'order=', 'from=%00'],
      [
        'state=%00',
        'state=',
        'event=1',
        'event=',
        'from=0',
        'from=-1',
        'type[]=x',
        'stream=a&stream=b',
        'from=a&from=b',
      ],
    ].flat(),
  )('answer ?%.40s without a fault of their own', async (query) => {
    const answers = await Promise.all(
      ['/users', '/events', '/user-types', '/users/1', '/events/1', '/health-check', '/nowhere']
        .map((path) => shop.store + path)
        .concat(['/emails', '/emails/1'].map((path) => shop.coolriel + path))
        .map((url) => ask(`${url}?${query}`)),
    );

    expect(answers.map(({ status }) => status).filter((status) => ![200, 400, 404].includes(status))).toEqual([]);
    expect(
      answers.filter(({ status, headers }) => status > 200 && !headers.get('content-type')?.includes('problem+json')),
    ).toEqual([]);
  });
});
