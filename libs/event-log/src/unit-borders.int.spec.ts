import { UnitDeadlineExceeded, UnitIsOver, WriteOutsideUnit } from './errors';
import { item, Item, openTestLog, type TestLog, upTo, userCreated } from './testing';
import type { UnitOfWork } from './unit-of-work';

const noEvents: unknown[] = [];

describe('Inside a unit of work', () => {
  let test: TestLog;
  beforeEach(async () => (test = await openTestLog({ unitDeadlineMs: 100 })));
  afterEach(() => test.close());

  describe('a nested transaction', () => {
    it('joins: it sees the same rows and commits with them, once', async () => {
      await test.log.transaction(async (tx) => {
        await tx.rows.insert(Item, item(1));
        const answer = await test.log.transaction(async (inner) => {
          expect(await inner.rows.find(Item)).toEqual([item(1)]);
          await inner.rows.insert(Item, item(2));
          inner.record(userCreated(1));
          return 'inner';
        });
        expect(answer).toBe('inner');
        expect(await tx.rows.count(Item)).toBe(2);
        tx.record(userCreated(1));
      });

      expect(test.statements.filter((sql) => sql === 'COMMIT')).toHaveLength(1);
      expect(test.committed()).toEqual({
        items: [1, 2],
        events: [
          { position: 1, stream: 'user-1', version: 1 },
          { position: 2, stream: 'user-1', version: 2 },
        ],
      });
    });

    it('fails the whole unit with its own error when the outer swallows it', async () => {
      const halfDone = new Error('half done');

      const answer = test.log.transaction(async (tx) => {
        await tx.rows.insert(Item, item(1));
        const inner = test.log.transaction(async (nested) => {
          await nested.rows.insert(Item, item(2));
          throw halfDone;
        });
        await inner.catch(() => undefined);
        tx.record(userCreated(1));
        return 'nothing happened';
      });

      await expect(answer).rejects.toBe(halfDone);
      expect(test.committed()).toEqual({ items: [], events: noEvents });
    });
  });

  describe('tx after its end', () => {
    const uses: [string, (tx: UnitOfWork) => unknown][] = [
      ['insert', (tx) => tx.rows.insert(Item, item(7))],
      ['save', (tx) => tx.rows.save(item(7))],
      ['query', (tx) => tx.rows.query(`INSERT INTO item VALUES (7, 'late')`)],
      ['find', (tx) => tx.rows.find(Item)],
      ['transaction', (tx) => tx.rows.transaction((rows) => rows.insert(Item, item(7)))],
      ['record', async (tx) => tx.record(userCreated(7))],
      ['afterCommit', async (tx) => tx.afterCommit(() => undefined)],
    ];

    it.each(uses)('refuses %s when it was kept', async (_, use) => {
      const kept = await test.log.transaction(async (tx) => tx);

      await expect(use(kept)).rejects.toThrow(UnitIsOver);
      expect(test.committed()).toEqual({ items: [], events: noEvents });
    });

    it.each(uses)('refuses %s when it was kept and another unit runs', async (_, use) => {
      const kept = await test.log.transaction(async (tx) => tx);

      await test.log.transaction(async (tx) => {
        await tx.rows.insert(Item, item(1));
        await expect(use(kept)).rejects.toThrow(UnitIsOver);
      });

      expect(test.committed()).toEqual({ items: [1], events: noEvents });
    });

    // A statement takes several microtasks from its call to its run, and the end of a unit falls anywhere between.
    it.each(['alone', 'beside a neighbour'])(
      'writes nothing into the database for a promise that was not awaited, %s',
      async (company) => {
        const failed = new Error('rolled back');
        for (const ticks of upTo(60)) {
          let forgotten: Promise<unknown> = Promise.resolve();
          const answers = [
            test.log.transaction(async (tx) => {
              forgotten = after(ticks, () => tx.rows.query(`INSERT INTO item VALUES (?, 'late')`, [ticks]));
              await tx.rows.count(Item);
              throw failed;
            }),
          ];
          if (company !== 'alone')
            answers.push(test.log.transaction((tx) => after(40, () => tx.rows.query('SELECT 1'))));

          const [unit] = await Promise.allSettled(answers);
          const [late] = await Promise.allSettled([forgotten]);

          expect(unit).toEqual({ status: 'rejected', reason: failed });
          if (late.status === 'rejected') expect(late.reason).toBeInstanceOf(UnitIsOver);
        }
        expect(test.committed().items).toEqual([]);
      },
    );
  });

  describe('the deadline', () => {
    it('rolls back a unit that waits for something else, and the next one works', async () => {
      const answer = test.log.transaction(async (tx) => {
        await tx.rows.insert(Item, item(1));
        tx.record(userCreated(1));
        await new Promise(() => undefined);
      });

      await expect(answer).rejects.toThrow(UnitDeadlineExceeded);
      await test.log.transaction((tx) => tx.rows.insert(Item, item(2)));
      expect(test.committed()).toEqual({ items: [2], events: noEvents });
    });

    it('lets its neighbours in the group commit', async () => {
      const answers = [1, 2, 3].map((id) =>
        test.log.transaction(async (tx) => {
          await tx.rows.insert(Item, item(id));
          if (id === 2) await new Promise(() => undefined);
        }),
      );

      const outcomes = await Promise.allSettled(answers);

      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(test.committed().items).toEqual([1, 3]);
    });

    it('leaves nothing to do for the continuation that comes too late', async () => {
      let goOn = (): void => undefined;
      const gateway = new Promise<void>((resolve) => (goOn = resolve));
      let continuation: Promise<PromiseSettledResult<unknown>[]> | undefined;
      const answer = test.log.transaction(async (tx) => {
        await (continuation = gateway.then(() =>
          Promise.allSettled([
            tx.rows.insert(Item, item(1)),
            (async () => tx.record(userCreated(1)))(),
            (async () => tx.afterCommit(() => undefined))(),
            test.log.transaction((nested) => nested.rows.insert(Item, item(2))),
          ]),
        ));
      });
      await expect(answer).rejects.toThrow(UnitDeadlineExceeded);

      goOn();

      const over = { status: 'rejected', reason: expect.any(UnitIsOver) as UnitIsOver };
      expect(await continuation).toEqual([over, over, over, over]);
      expect(test.committed()).toEqual({ items: [], events: noEvents });
    });
  });

  it('refuses what TypeORM would run past the unit on the connection that writes', async () => {
    const answer = test.log.transaction((tx) => tx.rows.dataSource.getRepository(Item).save(item(1)));

    await expect(answer).rejects.toThrow(WriteOutsideUnit);
    expect(test.committed().items).toEqual([]);
  });
});

async function after<T>(ticks: number, then: () => Promise<T>): Promise<T> {
  for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
  return then();
}
