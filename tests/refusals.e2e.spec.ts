import { type Answer, ask, expectProblem, grace, openShop, type TestShop } from './shop';

/** No test here writes a user: after each, the shop is as it was. */
describe('A shop that is asked what it can not do', () => {
  let shop: TestShop;
  let before: unknown;
  const state = async (): Promise<unknown> => ({ users: await shop.users(), events: await shop.events() });
  beforeAll(async () => {
    shop = await openShop();
    await shop.write(grace());
    before = await state();
  });
  afterEach(async () => expect(await state()).toEqual(before));
  afterAll(() => shop.remove());

  const refuse = (changes: object): Promise<Answer<{ detail: string }>> =>
    shop.post('/users', grace({ email: 'new@example.com', ...changes }));

  it.each(['1', null, 1.5, true, 0, -1, 1e300, 9_007_199_254_740_992, [1], {}])(
    'refuses %j as a user type, by name',
    async (user_type_id) => {
      const answer = await refuse({ user_type_id });

      expectProblem(answer, { status: 400, type: 'invalid-input', pointers: ['#/user_type_id'] });
      expect(answer.body.detail).toBe('user_type_id must be an id: a whole number, at least 1');
    },
  );

  it('refuses a user type that there is not, and says where they are listed', async () => {
    const answer = await refuse({ user_type_id: 9 });

    expectProblem(answer, { status: 400, type: 'unknown-user-type', pointers: ['#/user_type_id'] });
    expect(answer.body.detail).toBe('There is no user type 9. GET /user-types lists them.');
  });

  it.each([
    ['a number', 5],
    ['nothing', ''],
    ['blanks', '   '],
    ['what nobody sees', '\u200B\u200B'],
    ['101 characters', 'x'.repeat(101)],
    ['101 emoji', '😀'.repeat(101)],
    ['a line break', 'Grace\r\nBcc: all@example.com'],
    ['NUL', 'Grace\u0000'],
    ['a lone surrogate', 'Grace\uD800'],
    ['a line separator', 'Grace\u2028Hopper'],
    ['null', null],
    ['a list', ['Grace']],
    ['an object', { first: 'Grace' }],
    ['no text at all', undefined],
  ])('refuses %s as a name', async (_what, name) => {
    expectProblem(await refuse({ name }), { status: 400, type: 'invalid-input', pointers: ['#/name'] });
  });

  it.each([
    'not-an-email',
    'a@b',
    ' a@example.com ',
    'Ada <a@example.com>',
    'a@example.com\r\nBcc: b@example.com',
    '"a\r\nBcc: b@example.com"@example.com',
    '"a<b>"@example.com',
    '\uD800@example.com',
    `${'a'.repeat(61)}@${'b'.repeat(60)}.${'c'.repeat(24)}.com`,
    '',
    5,
    null,
    ['a@example.com'],
  ])('refuses %j as an e-mail address', async (email) => {
    expectProblem(await refuse({ email }), { status: 400, type: 'invalid-input', pointers: ['#/email'] });
  });

  it('refuses an address that another has, however it is written', async () => {
    for (const email of ['grace@example.com', 'GRACE@example.com', 'Grace@Example.COM']) {
      const answer = await refuse({ email });

      expectProblem(answer, { status: 409, type: 'user-email-taken', pointers: ['#/email'] });
      expect(answer.body.detail).toBe(`There is a user with the e-mail ${email} already.`);
    }
  });

  it('names every field that is wrong at once', async () => {
    const pointers = ['#/name', '#/email', '#/user_type_id'];

    expectProblem(await refuse({ name: 5, email: 'x', user_type_id: '1' }), {
      status: 400,
      type: 'invalid-input',
      pointers,
    });
    expectProblem(await shop.post('/users', {}), {
      status: 400,
      type: 'invalid-input',
      pointers: pointers.slice(0, 2),
    });
  });

  it.each(['[]', 'null', '"x"', '5', 'true', '[{"name":"Grace","email":"new@example.com"}]'])(
    'refuses the body %s, which is no object',
    async (body) => {
      expectProblem(await shop.post('/users', body), { status: 400, type: 'invalid-input', pointers: ['#'] });
    },
  );

  it.each(['{', '', '{"name":"Grace",}', "{'name':'Grace'}", 'name=Grace', '\u0000', '{}{}'])(
    'refuses the body %j, which is no JSON',
    async (body) => {
      expectProblem(await shop.post('/users', body), { status: 400 });
    },
  );

  it('refuses no body at all', async () => {
    expectProblem(await shop.post('/users'), { status: 400, type: 'invalid-input', pointers: ['#'] });
  });

  it.each([
    '{"__proto__":{"polluted":true},"name":"Grace","email":"new@example.com"}',
    '{"constructor":{"prototype":{"polluted":true}},"name":"Grace","email":"new@example.com"}',
  ])('takes no harm from %s', async (body) => {
    expectProblem(await shop.post('/users', body), { status: 400 });
    expect('polluted' in {}).toBe(false);
  });

  it('refuses a body of 2 MB', async () => {
    const answer = await refuse({ name: 'x'.repeat(2_000_000) });

    expectProblem(answer, { status: 413 });
    expect(answer.body.detail).toBe('A body has at most 1 MiB.');
  });

  it('refuses a body that says to be zipped, and says so', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    const body = grace({ email: 'zipped@example.com' });
    const answer = await ask<{ detail: string }>(`${shop.store}/users`, 'POST', body, 'application/json', headers);

    expectProblem(answer, { status: 415 });
    expect(answer.body.detail).toBe('A body with Content-Encoding: gzip is not taken: send it as it is.');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'refuses %s',
    async (type) => {
      const body = JSON.stringify(grace({ email: 'new@example.com' }));

      const answer = await shop.post<{ detail: string }>('/users', body, type);

      expectProblem(answer, { status: 415 });
      expect(answer.body.detail).toBe('A body must be JSON, with Content-Type: application/json.');
    },
  );

  it.each([
    ['GET', '/nowhere'],
    ['PUT', '/nowhere'],
    ['OPTIONS', '/nowhere'],
    ['GET', '/users/6/orders'],
    ['POST', '/users/6/orders'],
  ])('does not know %s %s', async (method, path) => {
    const answer = await ask(shop.store + path, method);

    expectProblem(answer, { status: 404 });
    expect(answer.body).toMatchObject({ instance: path });
  });

  it.each([
    ['PUT', '/users/6', 'DELETE, GET, HEAD, OPTIONS'],
    ['POST', '/users/6?x=1', 'DELETE, GET, HEAD, OPTIONS'],
    ['PATCH', '/users', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', '/users/', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/events', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/events/1', 'GET, HEAD, OPTIONS'],
  ])('refuses %s %s and says what is allowed', async (method, path, allow) => {
    for (const body of [undefined, '{', '<xml/>']) {
      const answer = await ask(shop.store + path, method, body, body === '<xml/>' ? 'application/xml' : undefined);

      expectProblem(answer, { status: 405 });
      expect(answer.headers.get('allow')).toBe(allow);
    }
  });

  it('tells the methods of a path to OPTIONS', async () => {
    const { status, headers, text } = await ask(`${shop.store}/users`, 'OPTIONS');

    expect([status, headers.get('allow'), text]).toEqual([204, 'GET, HEAD, OPTIONS, POST', '']);
  });

  it('answers HEAD as GET, without the body', async () => {
    for (const path of ['/users', '/users/6', '/users/99', '/users/x', '/health-check']) {
      const [head, get] = [await ask(shop.store + path, 'HEAD'), await shop.get(path)];

      expect([head.status, head.text]).toEqual([get.status, '']);
      for (const name of ['content-type', 'content-length', 'link']) {
        expect(head.headers.get(name)).toBe(get.headers.get(name));
      }
    }
  });

  it.each(['/users/%', '/users/%FF', `/users/${'1'.repeat(200)}`])('answers a problem to %.20s too', async (path) => {
    const answer = await shop.get(path);

    expectProblem(answer, { status: path.length > 100 ? 414 : 400 });
  });
});
