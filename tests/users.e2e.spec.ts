import { ask, expectProblem, grace, openShop, type TestShop, type User } from './shop';

describe('The users of a shop', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  it('are five before anything has happened, and no event tells of them', async () => {
    const { body } = await shop.get<{ items: User[] }>('/users');

    expect(body.items.map(({ id, email, user_type_id }) => `${id} ${email} ${user_type_id}`)).toEqual([
      '1 alovelace@example.com 1',
      '2 agoldberg@example.com 1',
      '3 aturing@example.com 1',
      '4 jdoe@magasinducoin.ca 2',
      '5 dboss@magasinducoin.ca 3',
    ]);
    expect(await shop.events()).toEqual([]);
  });

  it('get the next id when they are written, and are read back with all four fields', async () => {
    const written = await shop.post('/users', grace());

    expect(written.status).toBe(201);
    expect(written.text).toBe('{"user_id":6}');
    expect(written.headers.get('location')).toBe('/users/6');
    const read = await shop.get<User>('/users/6');
    expect(read.status).toBe(200);
    expect(read.body).toEqual({ id: 6, ...grace() });
  });

  it('are told of by an event with the same facts', async () => {
    const [event] = await shop.events();

    expect(event).toMatchObject({ position: 1, type: 'UserCreated', stream: 'user-6', version: 1 });
    expect(event.data).toEqual({
      event: 'UserCreated',
      id: 6,
      ...grace(),
      datetime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/) as string,
    });
  });

  it('are gone when they are deleted, and are told of once more', async () => {
    const deleted = await shop.delete('/users/6');

    expect([deleted.status, deleted.text]).toEqual([200, '{"deleted":true}']);
    expectProblem(await shop.get('/users/6'), { status: 404, type: 'user-not-found' });
    const [, event] = await shop.events();
    expect(event).toMatchObject({ type: 'UserDeleted', stream: 'user-6', version: 2, data: { id: 6, ...grace() } });
  });

  it('can not be deleted twice', async () => {
    const again = await shop.delete<{ deleted: boolean }>('/users/6');

    expectProblem(again, { status: 404, type: 'user-not-found' });
    expect(again.body.deleted).toBe(false);
    expect(await shop.events()).toHaveLength(2);
  });

  it('never get the id of another who is gone', async () => {
    expect(await shop.write(grace())).toBe(7);
  });

  it('are clients when nothing else is said', async () => {
    const { body } = await shop.post<{ user_id: number }>('/users', { name: 'Ida', email: 'ida@example.com' });

    expect((await shop.get<User>(`/users/${body.user_id}`)).body.user_type_id).toBe(1);
    expect((await shop.events('?order=desc'))[0].data.user_type_id).toBe(1);
  });

  it.each([
    '<script>alert(1)</script>',
    '👩‍🚀 Ïda',
    '😀'.repeat(100),
    'x'.repeat(100),
    `O'Neil "Jr" \\ --;`,
    '%00',
    '李',
  ])('may be called %s', async (name) => {
    const id = await shop.write(
      grace({ name, email: `${Buffer.from(name).toString('hex').slice(0, 40)}@example.com` }),
    );

    expect((await shop.get<User>(`/users/${id}`)).body.name).toBe(name);
    expect((await shop.events('?order=desc'))[0].data.name).toBe(name);
  });

  it('may have an address of 150 characters', async () => {
    const email = `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(24)}.com`;

    const id = await shop.write(grace({ email }));

    expect((await shop.get<User>(`/users/${id}`)).body.email).toHaveLength(150);
  });

  it('keep nothing of what is not theirs to say', async () => {
    const extra = { id: 1, role: 'admin', event: 'UserDeleted', datetime: 'never', constructor: 5, toString: 'x' };

    const id = await shop.write(grace({ ...extra, email: 'extra@example.com' }));

    expect((await shop.get<User>(`/users/${id}`)).body).toEqual({ id, ...grace({ email: 'extra@example.com' }) });
    const [{ data }] = await shop.events('?order=desc');
    expect(data).toEqual({
      event: 'UserCreated',
      id,
      ...grace({ email: 'extra@example.com' }),
      datetime: data.datetime,
    });
    expect(data.datetime).not.toBe('never');
  });

  it.each([
    'abc',
    '1e3',
    '0x10',
    '-1',
    '9007199254740992',
    '01',
    '%20',
    '%F0%9F%98%80',
    '1.0',
    '%00',
    '1%2F',
    '%D9%A1',
  ])('are not asked for by %s', async (id) => {
    expectProblem(await shop.get(`/users/${id}`), { status: 400, type: 'invalid-input', pointers: ['#/id'] });
    expectProblem(await shop.delete(`/users/${id}`), { status: 400, type: 'invalid-input', pointers: ['#/id'] });
  });

  it.each(['0', '4711', '9007199254740991'])('do not answer to the id %s of nobody', async (id) => {
    expectProblem(await shop.get(`/users/${id}`), { status: 404, type: 'user-not-found' });
  });

  it('are of three types', async () => {
    const { status, body } = await shop.get('/user-types');

    expect(status).toBe(200);
    expect(body).toEqual([
      { id: 1, name: 'Client' },
      { id: 2, name: 'Employee' },
      { id: 3, name: 'Manager' },
    ]);
  });

  it('are served by two apps that say that they are well', async () => {
    for (const app of [shop.store, shop.coolriel]) {
      const { status, text } = await ask(`${app}/health-check`);
      expect([status, text]).toEqual([200, '{"status":"ok"}']);
    }
  });
});
