import Sqlite from 'better-sqlite3';
import { type Answer, ask, type Event, expectProblem, grace, openShop, type TestShop } from './shop';

const LINES = 'application/x-ndjson';

interface Line extends Event {
  source: string;
  metadata: Record<string, unknown>;
}

describe('The events of a shop as lines', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.write(grace({ name: 'Zoë "😀"  \\', email: 'one@example.com' }));
    await shop.write(grace({ email: 'two@example.com' }));
    await shop.delete('/users/6');
    await shop.write(grace({ email: 'three@example.com' }));
  });
  afterAll(() => shop.remove());

  const lines = async (query = '', accept = LINES) => {
    const response = await fetch(`${shop.store}/events${query}`, { headers: { accept } });
    const text = await response.text();
    return { response, text };
  };
  const positions = async (query: string): Promise<number[]> => {
    const { response, text } = await lines(query);
    expect(response.status).toBe(200);
    const whole = text.split('\n');
    expect(whole.pop()).toBe('');
    return whole.map((line) => (JSON.parse(line) as Line).position);
  };
  const refused = async (query: string): Promise<Answer<{ errors: object[] }>> => {
    const { response, text } = await lines(query);
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as { errors: object[] } };
  };

  it('are each what a page shows, and the head of the log is told', async () => {
    const { response, text } = await lines();

    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('vary')).toBe('Accept');
    expect(response.headers.get('log-head')).toBe('4');
    const said = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(said).toEqual(await shop.events());
    expect(Object.keys(said[0])).toEqual([
      'position',
      'id',
      'source',
      'type',
      'stream',
      'version',
      'recorded_at',
      'metadata',
      'data',
    ]);
    expect(said[0].source).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(said[0].metadata).toMatchObject({ schema_version: 1 });
  });

  it('end with the payload as it stands in the table, to the letter', async () => {
    const table = new Sqlite(shop.database.replace('sqlite:', ''), { readonly: true });
    const payloads = table.prepare<[], string>('SELECT payload FROM event_log ORDER BY id').pluck().all();
    table.close();

    const { text } = await lines();

    const ends = payloads.map((payload) => `,"data":${payload}}`);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line, index) => line.slice(-ends[index].length)),
    ).toEqual(ends);
  });

  it.each([
    ['', [1, 2, 3, 4]],
    ['?limit=2', [1, 2]],
    ['?limit=100000', [1, 2, 3, 4]],
    ['?after=2', [3, 4]],
    ['?after=4', []],
    ['?after=99', []],
    ['?type=UserDeleted', [3]],
    ['?type=UserDeleted,UserCreated&after=1', [2, 3, 4]],
    ['?type=UserDeleted&type=UserVanished', [3]],
    ['?type=UserVanished', []],
    ['?topic=user-events', [1, 2, 3, 4]],
    ['?topic=user-events&type=UserDeleted', [3]],
    ['?stream=user-6', [1, 3]],
    ['?stream=user-6&after=1', [3]],
    ['?stream=user-6&type=UserCreated', [1]],
    ['?stream=user-9', []],
    ['?from=2000-01-01&to=2999-12-31', [1, 2, 3, 4]],
    ['?from=2999-01-01', []],
    ['?to=2000-01-01', []],
    ['?order=asc', [1, 2, 3, 4]],
  ])('are, with %j, %j', async (query, expected) => {
    expect(await positions(query)).toEqual(expected);
  });

  it('go on behind the last position', async () => {
    const first = await positions('?limit=3');
    await shop.write(grace({ email: 'four@example.com' }));

    expect(await positions(`?after=${first.at(-1)}`)).toEqual([4, 5]);
    expect(await positions('?after=5')).toEqual([]);
  });

  it.each([
    ['order=desc', '#/order'],
    ['cursor=MQ', '#/cursor'],
    ['limit=0', '#/limit'],
    ['limit=1e3', '#/limit'],
    ['after=-1', '#/after'],
    ['after=x', '#/after'],
    ['to=2026', '#/to'],
    ['topic=nobodys-events', '#/topic'],
    ['topic=user-events&type=OrderCreated', '#/topic'],
    ['type=', '#/type'],
  ])('are refused with %s', async (query, pointer) => {
    const answer = await refused(`?${query}`);

    const pointers = answer.body.errors.map(() => pointer);
    expectProblem(answer, { status: 400, type: 'invalid-input', pointers });
  });

  it.each([
    ['application/x-ndjson', true],
    ['Application/X-NDJSON', true],
    ['application/x-ndjson, */*;q=0.1', true],
    ['application/json;q=0.5, application/x-ndjson;q=0.9', true],
    ['application/json, application/x-ndjson', true],
    ['application/json, application/x-ndjson;q=0.5', false],
    ['application/x-ndjson;q=0', false],
    ['application/json', false],
    ['text/html,application/xhtml+xml,*/*;q=0.8', false],
    ['*/*', false],
    ['', false],
  ])('are what is given to one who accepts %j: %j', async (accept, given) => {
    const { response } = await lines('', accept);

    expect(response.headers.get('vary')).toBe('Accept');
    expect(response.headers.get('content-type')).toBe(
      given ? 'application/x-ndjson; charset=utf-8' : 'application/json; charset=utf-8',
    );
  });

  it('are not in a page of more than 500: it says how to have them', async () => {
    const answer = await ask(`${shop.store}/events?limit=501`);

    expectProblem(answer, { status: 400, type: 'invalid-input', pointers: ['#/limit'] });
    expect(answer.text).toContain('application/x-ndjson');
  });

  it('are not read for one who asks for the head of the answer alone', async () => {
    const response = await fetch(`${shop.store}/events`, { method: 'HEAD', headers: { accept: LINES } });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(await response.text()).toBe('');
  });
});
