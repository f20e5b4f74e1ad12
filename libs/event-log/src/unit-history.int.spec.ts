import { item, Item, openTestLog, type TestLog, userCreated } from './testing';
import type { UnitOfWork } from './unit-of-work';

describe('The history in a unit of work', () => {
  let test: TestLog;
  // What shares a COMMIT is not to depend on how busy the machine is.
  beforeEach(async () => (test = await openTestLog({ turnMs: 60_000 })));
  afterEach(() => test.close());

  const record = (id: number): Promise<void> => test.log.transaction(async (tx) => tx.record(userCreated(id)));
  const newest = async ({ history }: UnitOfWork): Promise<[stream: string, version: number][]> =>
    (await history.page({ limit: 10, newestFirst: true })).events.map(({ stream, version }) => [stream, version]);

  it('has what was committed before, by stream too', async () => {
    await record(1);
    await record(2);

    const [all, ofOne, head] = await test.log.transaction(async (tx) => [
      await newest(tx),
      (await tx.history.page({ stream: 'user-1', limit: 10 })).events.map(({ position }) => position),
      await tx.history.head(),
    ]);

    expect([all, ofOne, head]).toEqual([
      [
        ['user-2', 1],
        ['user-1', 1],
      ],
      [1],
      2,
    ]);
  });

  it('has what a unit before it has recorded that shares its COMMIT, and nobody else has yet', async () => {
    const [, seen, outside] = await Promise.all([
      record(1),
      test.log.transaction(newest),
      test.log.transaction(() => Promise.resolve(test.committed().events)),
    ]);

    expect([seen, outside]).toEqual([[['user-1', 1]], []]);
    expect(test.log.writes.commits).toBe(1);
  });

  it('has nothing of a unit before it in the group that failed', async () => {
    const failing = test.log.transaction(async (tx) => {
      tx.record(userCreated(1));
      throw new Error('not this one');
    });
    const [failed, seen] = await Promise.allSettled([failing, test.log.transaction(newest)]);

    expect([failed.status, seen]).toEqual(['rejected', { status: 'fulfilled', value: [] }]);
  });

  it('has not what the unit itself records: that gets its place at the end', async () => {
    await record(1);

    const seen = await test.log.transaction(async (tx) => {
      tx.record(userCreated(1));
      await tx.rows.insert(Item, item(1));
      return newest(tx);
    });

    expect(seen).toEqual([['user-1', 1]]);
    expect(test.committed().events).toHaveLength(2);
  });

  it('is over with its unit', async () => {
    const kept = await test.log.transaction(async (tx) => tx.history);

    await expect(kept.head()).rejects.toThrow('This unit of work is over');
  });
});
