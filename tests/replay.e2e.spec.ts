import Sqlite from 'better-sqlite3';
import { catalogue } from '../apps/coolriel/src/emails';
import { type Answer, eventually, expectProblem, grace, openShop, type TestShop } from './shop';

interface Rehearsal {
  from: number;
  to: number;
  types: string[];
  events: number;
  effects: number;
  would_make: { position: number; type: string; stream: string; effect: { template: string; recipient: string } }[];
  token: string;
}

interface Instance {
  instance: string;
  state: string;
}

const ME = { who: 'Jane Doe', why: 'e-mails were lost' };

describe('A replay', () => {
  let shop: TestShop;
  let ids: number[];
  const range = { consumer: 'coolriel', from: 1, to: 1_000 };
  const rehearse = (asked: object = range): Promise<Answer<Rehearsal>> => shop.post('/admin/replays/dry-run', asked);
  const begin = (order: object): Promise<Answer<{ instance: string }>> =>
    shop.post('/admin/replays', { ...range, ...ME, ...order });
  const stateOf = async (instance: string): Promise<string | undefined> =>
    (await shop.get<Instance[]>('/admin/instances')).body.find((one) => one.instance === instance)?.state;
  /** As after coolriel's table was brought back from a backup of some time ago. */
  const loseEmails = (recipient: string): void => {
    const stranger = new Sqlite(shop.database.replace('sqlite:', ''), { timeout: 5_000 });
    stranger.pragma('foreign_keys = OFF');
    stranger.prepare('DELETE FROM email WHERE recipient = ?').run(recipient);
    stranger.close();
  };

  beforeAll(async () => {
    shop = await openShop();
    ids = [];
    for (const n of [1, 2, 3]) ids.push(await shop.write(grace({ email: `u${n}@example.com` })));
    await shop.delete(`/users/${ids[1]}`);
    await shop.sent(4);
  });
  afterAll(() => shop.remove());

  it('shows that nothing would be made where everything is there', async () => {
    const { status, body } = await rehearse();

    expect(status).toBe(200);
    expect(body).toMatchObject({ from: 1, to: 4, events: 4, effects: 0 });
    expect(body.types).toEqual([...new Set(catalogue.map(({ on }) => on.name))].toSorted());
  });

  it('tells to whom what would go, makes nothing, and makes just that when it gets the token', async () => {
    loseEmails('u2@example.com');

    const { body: shown } = await rehearse();
    expect(shown.would_make).toMatchObject([
      { position: 2, type: 'UserCreated', effect: { template: 'welcome', recipient: 'u2@example.com' } },
      { position: 4, type: 'UserDeleted', effect: { template: 'goodbye', recipient: 'u2@example.com' } },
    ]);
    expect(await shop.emails()).toHaveLength(2);

    const { body: part } = await rehearse({ ...range, to: 3, types: ['UserCreated'] });
    expect(part).toMatchObject({ events: 3, effects: 1 });
    const begun = await begin({ to: 3, types: ['UserCreated'], token: part.token });
    expect(begun.status).toBe(202);
    await eventually(async () => expect(await stateOf(begun.body.instance)).toBe('done'));
    await shop.sent(3);
    expect((await shop.emails()).map(({ template, recipient }) => `${template} ${recipient}`)).toContain(
      'welcome u2@example.com',
    );

    const audit = await shop.get<{ items: object[] }>('/admin/audit?limit=1');
    expect(audit.body.items).toMatchObject([{ action: 'replay', subject: begun.body.instance, ...ME }]);
  });

  it('refuses a token of another range, of another time, and none', async () => {
    const { body: all } = await rehearse();
    const { body: part } = await rehearse({ ...range, to: 1 });

    expectProblem(await begin({ token: part.token }), { status: 409, type: 'replay-changed' });
    expectProblem(await begin({}), { status: 400, type: 'invalid-input', pointers: ['#/token'] });
    loseEmails('u3@example.com');
    expectProblem(await begin({ token: all.token }), { status: 409, type: 'replay-changed' });
    expect((await shop.emails()).filter(({ recipient }) => recipient === 'u3@example.com')).toEqual([]);
  });

  it('is begun once by a double click', async () => {
    const { body: shown } = await rehearse();

    const answers = await Promise.all([1, 2, 3].map(() => begin({ token: shown.token })));

    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 202)) expect(answer.status).toBe(409);
    await shop.sent(4);
  });

  it.each([
    [{ consumer: 'kiosk' }, 404, 'consumer-not-here', undefined],
    [{ from: 0 }, 400, 'invalid-input', ['#/from']],
    [{ from: 900 }, 400, 'invalid-input', ['#/from']],
    [{ types: ['Weather'] }, 400, 'invalid-input', ['#/types']],
    [{ types: [] }, 400, 'invalid-input', ['#/types']],
    [{ to: '4' }, 400, 'invalid-input', ['#/to']],
  ])('refuses %j', async (asked, status, type, pointers) => {
    expectProblem(await rehearse({ ...range, ...asked }), { status, type, pointers });
  });

  it('refuses to rebuild what can not be rebuilt', async () => {
    const answer = await shop.post('/admin/rebuilds', { consumer: 'coolriel', ...ME });

    expectProblem(answer, { status: 409, type: 'rebuild-refused' });
  });

  it('stands on the way of the events that it took, and of no other', async () => {
    const ways = await Promise.all(
      [1, 4].map(async (position) => (await shop.get<{ way: { consumer: string }[] }>(`/events/${position}`)).body.way),
    );

    const [first, last] = ways.map((way) => way.map(({ consumer }) => consumer));
    expect(first).toContain('coolriel@replay-1');
    expect(last).not.toContain('coolriel@replay-1');
  });
});
