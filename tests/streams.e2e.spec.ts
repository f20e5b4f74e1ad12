import { type Answer, type Event, expectProblem, grace, linked, openShop, type TestShop } from './shop';

interface StreamAt {
  stream: string;
  version: number;
  at: string;
  events: Event[];
  nextCursor: string | null;
}

describe('The stream of a user', () => {
  let shop: TestShop;
  let created: Event;
  let deleted: Event;
  beforeAll(async () => {
    shop = await openShop();
    await shop.write(grace({ email: 'one@example.com' }));
    await shop.write(grace({ email: 'two@example.com' }));
    // So that the two events of the user are of different moments.
    await new Promise((done) => setTimeout(done, 5));
    await shop.delete('/users/6');
    [created, , deleted] = await shop.events();
  });
  afterAll(() => shop.remove());

  const read = async (query = '', stream = 'user-6'): Promise<StreamAt> => {
    const { status, body } = await shop.get<StreamAt>(`/streams/${stream}${query}`);
    expect(status).toBe(200);
    return body;
  };
  const justBefore = ({ recorded_at }: Event): string => new Date(Date.parse(recorded_at) - 1).toISOString();

  it('is, now, all that happened to it', async () => {
    const before = new Date().toISOString();

    const { at, ...stream } = await read();

    expect(stream).toEqual({ stream: 'user-6', version: 2, events: [created, deleted], nextCursor: null });
    expect(at >= before && at <= new Date().toISOString()).toBe(true);
  });

  it('is, at a moment, what had happened by then, that moment included', async () => {
    expect(await read(`?at=${created.recorded_at}`)).toEqual({
      stream: 'user-6',
      version: 1,
      at: created.recorded_at,
      events: [created],
      nextCursor: null,
    });
    expect(await read(`?at=${justBefore(deleted)}`)).toMatchObject({ version: 1, events: [created] });
    expect(await read(`?at=${deleted.recorded_at}`)).toMatchObject({ version: 2, events: [created, deleted] });
    expect(await read('?at=2999-12-31T23:59:59Z')).toMatchObject({ version: 2, at: '2999-12-31T23:59:59.000Z' });
  });

  it('is empty before its first event', async () => {
    expect(await read(`?at=${justBefore(created)}`)).toEqual({
      stream: 'user-6',
      version: 0,
      at: justBefore(created),
      events: [],
      nextCursor: null,
    });
  });

  it('takes a day as its end, in UTC', async () => {
    const [today] = deleted.recorded_at.split('T');

    expect(await read(`?at=${today}`)).toMatchObject({ version: 2, at: `${today}T23:59:59.999Z` });
    expect(await read('?at=2000-01-01')).toMatchObject({ version: 0, at: '2000-01-01T23:59:59.999Z' });
  });

  it('is read up to a version too', async () => {
    expect(await read('?version=1')).toMatchObject({ version: 1, events: [created] });
    expect(await read('?version=9')).toMatchObject({ version: 2, events: [created, deleted] });
    expect(await read(`?version=2&at=${created.recorded_at}`)).toMatchObject({ version: 1, events: [created] });
  });

  it('is read page by page, each of which says the same version', async () => {
    const pages: [number, number[]][] = [];
    let next: string | undefined = '/streams/user-6?limit=1&at=2999-01-01';
    while (next) {
      const page: Answer<StreamAt> = await shop.get(next);
      pages.push([page.body.version, page.body.events.map(({ version }) => version)]);
      next = linked(page);
    }

    expect(pages).toEqual([
      [2, [1]],
      [2, [2]],
    ]);
  });

  it.each(['user-1', 'user-', 'USER-6', '6', '%20', '%00', '%F0%9F%98%80', "user-6'--"])(
    'is not %s, of which nothing was ever recorded',
    async (stream) => {
      expectProblem(await shop.get(`/streams/${stream}`), { status: 404, type: 'stream-not-found' });
      expectProblem(await shop.get(`/streams/${stream}?at=2000-01-01`), { status: 404, type: 'stream-not-found' });
    },
  );

  it.each([
    ['at=now', '#/at'],
    ['at=', '#/at'],
    ['at=2026-02-30', '#/at'],
    ['at=2026-11-23T16:00:41', '#/at'],
    ['version=0', '#/version'],
    ['version=x', '#/version'],
    ['limit=501', '#/limit'],
    ['cursor=x', '#/cursor'],
  ])('is refused with %s', async (query, pointer) => {
    const answer = await shop.get<{ errors: object[] }>(`/streams/user-6?${query}`);

    const pointers = answer.body.errors.map(() => pointer);
    expectProblem(answer, { status: 400, type: 'invalid-input', pointers });
  });
});
