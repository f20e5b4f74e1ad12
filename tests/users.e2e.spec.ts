import { readAll, shopFolder, ShopProcess } from './shop-process';

interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  error: string;
  errors?: { detail: string; pointer: string }[];
}

describe('Users over HTTP', () => {
  const { folder, remove } = shopFolder();
  let shop: ShopProcess;
  beforeAll(async () => {
    shop = await ShopProcess.start(folder);
  });
  afterAll(async () => {
    await shop.end('SIGTERM');
    remove();
  });

  const send = async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = text === undefined ? undefined : { 'content-type': type };
    const response = await fetch(`${shop.store}${path}`, { method, body: text, headers });
    return { status: response.status, headers: response.headers, body: (await response.json()) as never };
  };
  const head = async (): Promise<number> => (await readAll(`${shop.store}/events`)).length;
  const rows = async (): Promise<number> => (await readAll(`${shop.store}/users`)).length;

  it('writes, reads and deletes a user', async () => {
    const written = await send('POST', '/users', { name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 });
    const read = await send('GET', '/users/6');
    const deleted = await send('DELETE', '/users/6');
    const again = await send('DELETE', '/users/6');
    const gone = await send('GET', '/users/6');

    expect([written.status, written.body]).toEqual([201, { user_id: 6 }]);
    expect(written.headers.get('location')).toBe('/users/6');
    expect([read.status, read.body]).toEqual([
      200,
      { id: 6, name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 },
    ]);
    expect([deleted.status, deleted.body]).toEqual([200, { deleted: true }]);
    expect(again.status).toBe(404);
    expect(again.body).toMatchObject({
      deleted: false,
      type: 'urn:magasin:user-not-found',
      error: 'There is no user 6.',
    });
    expect(gone.status).toBe(404);
  });

  it('makes a client of a user whose type is not said', async () => {
    const { body } = await send('POST', '/users', { name: 'Sans Type', email: 'sans@example.com', unknown: 'ignored' });

    const user = await send('GET', `/users/${(body as { user_id: number }).user_id}`);
    expect(user.body).toMatchObject({ user_type_id: 1 });
  });

  it.each([['<script>alert(1)</script>'], ['😀'.repeat(100)], ['Ünïcödé O’Neil']])(
    'accepts the name %s',
    async (name) => {
      const email = `name${name.length}@example.com`;

      const { status, body } = await send('POST', '/users', { name, email });

      expect(status).toBe(201);
      expect((await send('GET', `/users/${(body as { user_id: number }).user_id}`)).body).toMatchObject({
        name,
        email,
      });
    },
  );

  const good = { name: 'A B', email: 'ab@example.com' };
  const refused: [string, number, string[], unknown, string?][] = [
    [
      'every wrong field',
      400,
      ['#/name', '#/email', '#/user_type_id'],
      { name: 5, email: 'not-an-email', user_type_id: '1' },
    ],
    ['a missing name and e-mail', 400, ['#/name', '#/email'], {}],
    ['an empty name', 400, ['#/name'], { ...good, name: '' }],
    ['a blank name', 400, ['#/name'], { ...good, name: '  ' }],
    ['a name of 101 characters', 400, ['#/name'], { ...good, name: 'x'.repeat(101) }],
    ['a name with CR and LF', 400, ['#/name'], { ...good, name: 'a\r\nBcc: b@example.com' }],
    ['a name with a NUL', 400, ['#/name'], { ...good, name: 'a\u0000b' }],
    ['a name with a line separator', 400, ['#/name'], { ...good, name: 'a\u2028b' }],
    ['a name with half a character', 400, ['#/name'], '{"name":"a\\ud800","email":"ab@example.com"}'],
    [
      'an e-mail of 151 characters',
      400,
      ['#/email'],
      { ...good, email: `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(23)}.com` },
    ],
    ['a type that does not exist', 400, ['#/user_type_id'], { ...good, user_type_id: 9 }],
    ['a type that is null', 400, ['#/user_type_id'], { ...good, user_type_id: null }],
    ['a type that is no whole number', 400, ['#/user_type_id'], { ...good, user_type_id: 1.5 }],
    ['a type that is true', 400, ['#/user_type_id'], { ...good, user_type_id: true }],
    ['an e-mail that is taken, in other letters', 409, ['#/email'], { ...good, email: 'ALovelace@Example.com' }],
    ['malformed JSON', 400, [], '{"name":'],
    ['a prototype in JSON', 400, [], '{"__proto__":{"admin":true},"name":"A","email":"ab@example.com"}'],
    ['an array', 400, ['#'], []],
    ['null', 400, ['#'], 'null'],
    ['a number', 400, ['#'], '5'],
    ['an empty body', 400, [], ''],
    ['no body', 400, ['#'], undefined],
    ['a body of 2 MB', 413, [], { ...good, filler: 'x'.repeat(2_000_000) }],
    ['plain text', 415, [], 'name=A', 'text/plain'],
    ['a form', 415, [], 'name=A&email=ab@example.com', 'application/x-www-form-urlencoded'],
  ];

  // Every row has all five: Jest would give a missing last one as `done`, and wait.
  const rowsOfFive = refused.map(([what, status, pointers, body, type = 'application/json']) => {
    return [what, status, pointers, body, type] as const;
  });

  it.each(rowsOfFive)(
    'refuses %s with a %i problem, and changes nothing',
    async (_what, status, pointers, body, type) => {
      const before = [await rows(), await head()];

      const answer = await send('POST', '/users', body, type);

      const problem = answer.body as Problem;
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(problem).toMatchObject({ status, instance: '/users', error: problem.detail });
      expect([problem.type, problem.title, problem.detail].every((text) => text.length > 0)).toBe(true);
      expect([...new Set((problem.errors ?? []).map(({ pointer }) => pointer))]).toEqual(pointers);
      expect(JSON.stringify(problem)).not.toMatch(/SELECT|INSERT|SQLITE|node_modules|\.js:/);
      expect([await rows(), await head()]).toEqual(before);
    },
  );

  it.each(['abc', '1e3', '0x10', '-1', '01', '1.5', '9007199254740992', '%20', '%F0%9F%98%80', '%00'])(
    'refuses the id %s',
    async (id) => {
      for (const method of ['GET', 'DELETE']) expect((await send(method, `/users/${id}`)).status).toBe(400);
    },
  );

  it('answers an unknown route, a wrong method and an unknown id with a 404 problem', async () => {
    for (const [method, path] of [
      ['GET', '/nowhere'],
      ['PUT', '/users/1'],
      ['GET', '/users/0'],
      ['GET', '/users/999999'],
    ]) {
      const { status, headers } = await send(method, path);
      expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
    }
  });

  it('lets one of 50 clients have an e-mail, and writes one event', async () => {
    const before = await head();

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => send('POST', '/users', { name: `Racer ${n}`, email: 'race@example.com' })),
    );

    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([201, ...Array.from({ length: 49 }, () => 409)]);
    expect(await head()).toBe(before + 1);
  });

  it('pages through all users by cursor, also by the Link header', async () => {
    const all = await readAll<{ id: number }>(`${shop.store}/users`);
    const ids: number[] = [];
    let url: string | undefined = '/users?limit=3';
    while (url) {
      const { body, headers } = await send('GET', url);
      ids.push(...(body as { items: { id: number }[] }).items.map(({ id }) => id));
      url = /<(.+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }

    expect(ids).toEqual(all.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(6);
  });

  it.each([
    'limit=0',
    'limit=501',
    'limit=x',
    'limit=1&limit=2',
    'limit=1e2',
    'cursor=%00',
    'cursor=a%20b',
    'cursor=a&cursor=b',
    'cursor=zzzz',
  ])('refuses a list with %s', async (query) => expect((await send('GET', `/users?${query}`)).status).toBe(400));

  it('ignores what a list does not know', async () => {
    for (const query of ['place=1', 'x=1']) expect((await send('GET', `/users?${query}`)).status).toBe(200);
  });

  it('lists the types of users, and is healthy', async () => {
    const types = [
      { id: 1, name: 'Client' },
      { id: 2, name: 'Employee' },
      { id: 3, name: 'Manager' },
    ];
    expect((await send('GET', '/user-types')).body).toEqual(types);
    expect((await send('GET', '/health-check')).body).toEqual({ status: 'ok' });
    expect(await (await fetch(`${shop.coolriel}/health-check`)).json()).toEqual({ status: 'ok' });
  });
});
