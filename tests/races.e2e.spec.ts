import { type Answer, grace, openShop, type TestShop } from './shop';

const count = (length: number, from = 1): number[] => Array.from({ length }, (_, index) => from + index);
const sorted = (numbers: number[]): number[] => numbers.toSorted((a, b) => a - b);

describe('Many clients at once', () => {
  let shop: TestShop;
  beforeEach(async () => {
    shop = await openShop();
  });
  afterEach(() => shop.remove());

  const writeAll = (users: object[]): Promise<Answer<{ user_id: number }>[]> =>
    Promise.all(users.map((user) => shop.post<{ user_id: number }>('/users', user)));

  it('who race for one address: one gets it, the others are told, and one event tells of it', async () => {
    const answers = await writeAll(
      count(50).map((number) =>
        grace({ name: `Grace ${number}`, email: number % 2 ? 'g@example.com' : 'G@example.com' }),
      ),
    );

    const winner = answers.findIndex(({ status }) => status === 201);
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_, index) => (index === winner ? 201 : 409)));
    expect((await shop.users()).slice(5).map(({ id, name }) => `${id} ${name}`)).toEqual([`6 Grace ${winner + 1}`]);
    expect((await shop.events()).map(({ data }) => `${data.id} ${data.name}`)).toEqual([`6 Grace ${winner + 1}`]);
    await shop.sent(1);
  });

  it('who write 200 users leave no gap in ids, positions and versions, and delete them all', async () => {
    const answers = await writeAll(count(200).map((number) => grace({ email: `u${number}@example.com` })));
    const ids = answers.map(({ body }) => body.user_id);
    const deleted = await Promise.all(ids.map((id) => shop.delete(`/users/${id}`)));

    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    expect(sorted(ids)).toEqual(count(200, 6));
    expect(deleted.filter(({ status }) => status !== 200)).toEqual([]);
    expect(await shop.users()).toHaveLength(5);

    const events = await shop.events();
    expect(events.map(({ position }) => position)).toEqual(count(400));
    for (const [type, version, from] of [
      ['UserCreated', 1, 0],
      ['UserDeleted', 2, 200],
    ] as const) {
      const half = events.slice(from, from + 200);
      expect(new Set(half.map((event) => `${event.type} ${event.version}`))).toEqual(new Set([`${type} ${version}`]));
      expect(sorted(half.map(({ data }) => data.id))).toEqual(count(200, 6));
    }
    expect(events.filter(({ stream, data }) => stream !== `user-${data.id}`)).toEqual([]);
    await shop.sent(400);
  });

  it('who delete one user: one does, the others do not find it', async () => {
    const id = await shop.write(grace());

    const answers = await Promise.all(count(20).map(() => shop.delete<{ deleted: boolean }>(`/users/${id}`)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(19).fill(404)]);
    expect(answers.filter(({ body }) => body.deleted)).toHaveLength(1);
    expect((await shop.events()).map(({ type }) => type)).toEqual(['UserCreated', 'UserDeleted']);
  });
});
