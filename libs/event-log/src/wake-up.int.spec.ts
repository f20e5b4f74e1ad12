import { item, Item, openTestLog, type TestLog, upTo, userCreated } from './testing';

describe('After the commit', () => {
  let test: TestLog;
  beforeEach(async () => (test = await openTestLog()));
  afterEach(() => test.close());

  it('calls afterCommit when the rows are there for everybody, in the order it was asked', async () => {
    const told: unknown[] = [];

    await test.log.transaction(async (tx) => {
      tx.afterCommit(() => told.push(test.committed().items));
      await tx.rows.insert(Item, item(1));
      tx.afterCommit(() => told.push('second'));
      expect(told).toEqual([]);
    });

    expect(told).toEqual([[1], 'second']);
  });

  it('calls afterCommit of exactly the units of a group that were kept', async () => {
    const told: number[] = [];

    await Promise.allSettled(
      upTo(10).map((id) =>
        test.log.transaction(async (tx) => {
          tx.afterCommit(() => told.push(id));
          await tx.rows.insert(Item, item(id));
          if (id % 2 === 0) throw new Error('rolled back');
        }),
      ),
    );

    expect(told).toEqual([1, 3, 5, 7, 9]);
    expect(test.committed().items).toEqual([1, 3, 5, 7, 9]);
  });

  it('never calls afterCommit of a unit that rolled back alone', async () => {
    const told: string[] = [];

    const answer = test.log.transaction(async (tx) => {
      tx.afterCommit(() => told.push('told'));
      throw new Error('rolled back');
    });

    await expect(answer).rejects.toThrow('rolled back');
    await test.log.transaction((tx) => tx.rows.insert(Item, item(1)));
    expect(told).toEqual([]);
  });

  it('wakes up by itself for units that recorded events, until it is told to stop', async () => {
    let wakeUps = 0;
    const stop = test.log.onRecorded(() => wakeUps++);

    await test.log.transaction((tx) => tx.rows.insert(Item, item(1)));
    expect(wakeUps).toBe(0);
    await test.log.transaction(async (tx) => tx.record(userCreated(1))).then(() => undefined);
    expect(wakeUps).toBe(1);
    await expect(
      test.log.transaction(async (tx) => {
        tx.record(userCreated(1));
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(wakeUps).toBe(1);
    stop();
    await test.log.transaction(async (tx) => tx.record(userCreated(1)));
    expect(wakeUps).toBe(1);
  });

  it('finds the event in the history when it wakes up', async () => {
    const heads: Promise<number>[] = [];
    test.log.onRecorded(() => heads.push(test.log.history.head()));

    await test.log.transaction(async (tx) => tx.record(userCreated(1)));

    expect(await Promise.all(heads)).toEqual([1]);
  });

  it('goes on when a listener throws: the others are told, and the next unit works', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const told: string[] = [];
    const stop = test.log.onRecorded(() => {
      throw new Error('bad listener of the log');
    });
    test.log.onRecorded(() => told.push('log'));

    const answer = await test.log.transaction(async (tx) => {
      tx.afterCommit(() => {
        throw new Error('bad listener of the unit');
      });
      tx.afterCommit(() => told.push('unit'));
      tx.record(userCreated(1));
      return 'kept';
    });
    stop();
    await test.log.transaction((tx) => tx.rows.insert(Item, item(1)));

    expect(answer).toBe('kept');
    expect(told).toEqual(['unit', 'log']);
    expect(warn.mock.calls.map(([warning]) => String(warning).split('\n')[0])).toEqual([
      'A listener failed: Error: bad listener of the unit',
      'A listener failed: Error: bad listener of the log',
    ]);
    warn.mockRestore();
    expect(test.committed().items).toEqual([1]);
  });
});
