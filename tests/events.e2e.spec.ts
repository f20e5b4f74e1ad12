import { type Answer, CONSUMERS, type Event, expectProblem, grace, linked, openShop, type TestShop } from './shop';

interface Step {
  consumer: string;
  state: string;
  started_at: string;
  committed_at: string;
  latency_ms: number;
  attempts: unknown[];
}
type EventWithWay = Event & { source: string; way: Step[] };

describe('The events of a shop', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.write(grace({ email: 'one@example.com' }));
    await shop.write(grace({ email: 'two@example.com' }));
    await shop.delete('/users/6');
    await shop.write(grace({ email: 'three@example.com' }));
  });
  afterAll(() => shop.remove());

  const titles = async (query: string): Promise<string[]> =>
    (await shop.events(query)).map(({ position, type, stream, version }) => `${position} ${type} ${stream} ${version}`);
  const ALL = ['1 UserCreated user-6 1', '2 UserCreated user-7 1', '3 UserDeleted user-6 2', '4 UserCreated user-8 1'];

  it('stand in the order in which they were recorded, or the newest first', async () => {
    expect(await titles('')).toEqual(ALL);
    expect(await titles('?order=asc')).toEqual(ALL);
    expect(await titles('?order=desc')).toEqual(ALL.toReversed());
  });

  it('are read page by page, forwards and backwards', async () => {
    const walk = async (order: string): Promise<number[][]> => {
      const pages: number[][] = [];
      let next: string | undefined = `/events?limit=3&order=${order}`;
      while (next) {
        const page: Answer<{ items: Event[] }> = await shop.get(next);
        pages.push(page.body.items.map(({ position }) => position));
        next = linked(page);
      }
      return pages;
    };

    expect(await walk('asc')).toEqual([[1, 2, 3], [4]]);
    expect(await walk('desc')).toEqual([[4, 3, 2], [1]]);
  });

  it('are found by type', async () => {
    expect(await titles('?type=UserDeleted')).toEqual([ALL[2]]);
    expect(await titles('?type=UserCreated&order=desc')).toEqual([ALL[3], ALL[1], ALL[0]]);
    expect(await titles('?type=UserVanished')).toEqual([]);
    expect(await titles('?type=UserDeleted,UserCreated')).toEqual(ALL);
    expect(await titles('?topic=user-events&type=UserDeleted')).toEqual([ALL[2]]);
  });

  it('are found by stream: the life of one user', async () => {
    expect(await titles('?stream=user-6')).toEqual([ALL[0], ALL[2]]);
    expect(await titles('?stream=user-1')).toEqual([]);
    const { body } = await shop.get<{ items: Event[]; nextCursor: string }>('/events?stream=user-6&limit=1');
    expect(await titles(`?stream=user-6&cursor=${body.nextCursor}`)).toEqual([ALL[2]]);
  });

  it('are found by time', async () => {
    const [, , third] = await shop.events();
    const later = new Date(Date.parse(third.recorded_at) + 1).toISOString();

    const since = await shop.events(`?from=${third.recorded_at}`);
    expect(since.at(-1)?.position).toBe(4);
    expect(since.map(({ position }) => position)).toContain(3);
    expect(since.filter(({ recorded_at }) => recorded_at < third.recorded_at)).toEqual([]);
    const until = await shop.events(`?to=${third.recorded_at}`);
    expect(until.map(({ position }) => position)).toEqual(expect.arrayContaining([1, 2, 3]));
    expect(until.filter(({ recorded_at }) => recorded_at > third.recorded_at)).toEqual([]);
    expect(await shop.events(`?to=${third.recorded_at}&order=desc`)).toEqual(until.toReversed());
    expect(await titles(`?from=${later}&to=${third.recorded_at}`)).toEqual([]);
    const [today] = third.recorded_at.split('T');
    expect(await titles(`?from=${today}&to=2999-01-01`)).toEqual(ALL);
    expect(await titles(`?to=${today}`)).toEqual(ALL);
    expect(await titles('?from=2999-01-01')).toEqual([]);
    expect(await titles('?to=2000-01-01')).toEqual([]);
    expect(await titles('?from=2000-01-01T00:00:00%2B02:00')).toEqual(ALL);
  });

  it.each(['x', '', '2026', '2026-11', '2026-02-30', '2026-W48', '2026-060', '20261123', '2026-11-23T16:00:41', '0'])(
    'are not found by the time %j, which Date reads as another one or as none',
    async (from) => {
      const answer = await shop.get<{ errors: { pointer: string }[] }>(`/events?from=${from}`);

      const pointers = answer.body.errors.map(() => '#/from');
      expectProblem(answer, { status: 400, type: 'invalid-input', pointers });
    },
  );

  it.each([
    ['type=UserCreated', [0]],
    ['from=2000-01-01', [0, 2]],
    ['to=2000-01-01', []],
    ['order=desc', [2, 0]],
    ['after=1', [2]],
    ['after=1&order=desc&type=UserDeleted&topic=user-events&from=2000-01-01&to=2999-01-01', [2]],
  ])('are found by stream and %s', async (other, expected) => {
    expect(await titles(`?stream=user-6&${other}`)).toEqual(expected.map((index) => ALL[index]));
  });

  it('are found by all at once page by page, in both orders', async () => {
    const walk = async (query: string): Promise<number[][]> => {
      const pages: number[][] = [];
      for (let next: string | undefined = `/events?limit=1&${query}`; next;) {
        const page: Answer<{ items: Event[] }> = await shop.get(next);
        pages.push(page.body.items.map(({ position }) => position));
        next = linked(page);
      }
      return pages;
    };

    expect(await walk('stream=user-6')).toEqual([[1], [3]]);
    expect(await walk('stream=user-6&order=desc')).toEqual([[3], [1]]);
    expect((await walk('type=UserCreated&after=1&to=2999-01-01')).flat()).toEqual([2, 4]);
    expect((await walk('type=UserCreated&after=1&to=2999-01-01&order=desc')).flat()).toEqual([4, 2]);
    expect((await walk('after=1&order=desc')).flat()).toEqual([4, 3, 2]);
  });

  it('say, one by one, which way they took', async () => {
    await shop.sent(4);
    const started = Date.now();

    const { body } = await shop.get<EventWithWay>('/events/3');
    expect(body).toMatchObject({ position: 3, type: 'UserDeleted', stream: 'user-6', version: 2 });
    expect(body.source).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(body.way.map(({ consumer, state, attempts }) => ({ consumer, state, attempts }))).toEqual(
      CONSUMERS.toSorted().map((consumer) => ({
        consumer,
        state: ['coolriel', 'highest-spenders'].includes(consumer) ? 'handled' : 'skipped',
        attempts: [],
      })),
    );
    const { started_at, committed_at, latency_ms } = body.way.find(({ consumer }) => consumer === 'coolriel')!;
    expect(latency_ms).toBe(Date.parse(committed_at) - Date.parse(body.recorded_at));
    expect(latency_ms).toBeGreaterThanOrEqual(0);
    expect(Date.parse(started_at)).toBeLessThanOrEqual(Date.parse(committed_at));
    expect(Date.parse(committed_at)).toBeLessThanOrEqual(started);
  });

  it('are known by their UUID too, however it is written', async () => {
    const { body } = await shop.get<EventWithWay>('/events/3');

    expect((await shop.get(`/events/${body.id}`)).body).toEqual(body);
    expect((await shop.get(`/events/${body.id.toUpperCase()}`)).body).toEqual(body);
    expect(body.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('lead to the e-mails that were made of them', async () => {
    await shop.sent(4);

    for (const { id, type, data } of await shop.events()) {
      expect(await shop.emails(`?event=${id}`)).toEqual([
        expect.objectContaining({
          event_id: id,
          recipient: data.email,
          template: type === 'UserCreated' ? 'welcome' : 'goodbye',
        }),
      ]);
    }
  });

  it.each(['5', '999999999999999', '01a20b55-3f91-7d02-adc7-68a0031b78a3', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])(
    'are none by the name %s',
    async (key) => {
      expectProblem(await shop.get(`/events/${key}`), { status: 404, type: 'event-not-found' });
    },
  );

  it.each(['0', '-1', '01', '1.0', '1e3', '0x1', 'abc', '%20', '%F0%9F%98%80', '9999999999999999', '01a20b55-3f91'])(
    'have no name like %s',
    async (key) => {
      expectProblem(await shop.get(`/events/${key}`), { status: 400, type: 'invalid-input', pointers: ['#/id'] });
    },
  );
});
