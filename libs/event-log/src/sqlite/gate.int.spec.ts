import { AsyncLocalStorage } from 'node:async_hooks';
import Sqlite from 'better-sqlite3';
import { isUniqueViolation, LogUnavailable } from '../errors';
import { item, Item, openTestLog, type TestLog, upTo, userCreated } from '../testing';

describe('The gate', () => {
  let test: TestLog;
  // What shares a COMMIT is not to depend on how busy the machine is.
  beforeEach(async () => (test = await openTestLog({ turnMs: 60_000 })));
  afterEach(() => test.close());

  const add = (id: number): Promise<unknown> => test.log.transaction((tx) => tx.rows.insert(Item, item(id)));
  const statuses = async (answers: Promise<unknown>[]): Promise<string[]> =>
    (await Promise.allSettled(answers)).map(({ status }) => status);

  it('keeps exactly the units that succeed, of 50 at once with random failures', async () => {
    const fails = upTo(50).map(() => Math.random() < 0.4);

    const outcomes = await statuses(
      upTo(50).map((id) =>
        test.log.transaction(async (tx) => {
          await tx.rows.insert(Item, item(id));
          tx.record(userCreated(id % 5));
          await tx.rows.update(Item, id, { name: 'nail' });
          if (fails[id - 1]) throw new Error('by chance');
        }),
      ),
    );

    // user-0 is invalid: every fifth unit fails at record().
    const succeeds = upTo(50).filter((id) => !fails[id - 1] && id % 5 !== 0);
    expect(upTo(50).filter((id) => outcomes[id - 1] === 'fulfilled')).toEqual(succeeds);
    expect(test.committed().items).toEqual(succeeds);
    expect(test.committed().events.map(({ position }) => position)).toEqual(upTo(succeeds.length));
    for (const user of [1, 2, 3, 4]) {
      const versions = test.committed().events.filter(({ stream }) => stream === `user-${user}`);
      expect(versions.map(({ version }) => version)).toEqual(upTo(succeeds.filter((id) => id % 5 === user).length));
    }
  });

  it('lets a unit fail without its neighbours noticing', async () => {
    const unbindable = { toString: () => 'x' };

    const outcomes = await statuses([
      add(1),
      test.log.transaction((tx) => tx.rows.query('INSERT INTO item VALUES (?, ?)', [2, unbindable])),
      add(3),
      test.log.transaction((tx) => tx.rows.query('INSERT INTO nowhere VALUES (4)')),
      add(5),
      test.log.transaction((tx) => tx.rows.query('INSERT INTO item VALUES (?, ?)', [6])),
      add(1),
      add(7),
    ]);

    expect(outcomes).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(test.committed().items).toEqual([1, 3, 5, 7]);
    expect(test.statements.filter((sql) => sql === 'COMMIT')).toHaveLength(1);
  });

  it('answers a unit that failed because of a row of its group only after the COMMIT of that row', async () => {
    const order = test.statements;

    await Promise.all([
      add(1),
      add(1).catch((error: unknown) => {
        expect(isUniqueViolation(error)).toBe(true);
        expect(test.committed().items).toEqual([1]);
        order.push('answer');
      }),
    ]);

    expect(order.slice(-2)).toEqual(['COMMIT', 'answer']);
  });

  it('commits consumers together too, and one that fails takes no other with it', async () => {
    const outcomes = await statuses(
      [1, 2, 2, 3].map((id) => test.log.transaction((tx) => tx.rows.insert(Item, item(id)), 'consumer')),
    );

    expect(outcomes).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(test.committed().items).toEqual([1, 2, 3]);
    expect(test.statements.filter((sql) => sql === 'COMMIT')).toHaveLength(1);
  });

  it('commits many units at once', async () => {
    await Promise.all(upTo(200).map(add));

    const commits = test.statements.filter((sql) => sql === 'COMMIT').length;
    expect(test.committed().items).toEqual(upTo(200));
    expect(commits).toBeLessThan(100);
  });

  describe('with a group', () => {
    let runs: string[];
    beforeEach(() => (runs = []));

    const unit = (name: number, ends: 'well' | 'badly' | 'badly before it writes' | 'late'): Promise<unknown> =>
      test.log.transaction(async (tx) => {
        runs.push(`${name}`);
        if (ends === 'badly before it writes') throw new Error(ends);
        await tx.rows.insert(Item, item(name));
        if (ends === 'badly') throw new Error(ends);
        if (ends === 'late') await new Promise(() => undefined);
      });
    const savepoints = (): number => test.statements.filter((sql) => sql === 'SAVEPOINT unit').length;

    it('that nobody spoils needs no savepoint', async () => {
      expect(await statuses([unit(1, 'well'), unit(2, 'badly before it writes'), unit(3, 'well')])).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);

      expect(runs).toEqual(['1', '2', '3']);
      expect(savepoints()).toBe(0);
      expect(test.committed().items).toEqual([1, 3]);
    });

    it('that one spoils runs it again, each unit in its savepoint, and those after it too', async () => {
      expect(await statuses([unit(1, 'well'), unit(2, 'badly'), unit(3, 'well')])).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      expect(runs).toEqual(['1', '2', '1', '2', '3']);
      expect(savepoints()).toBe(3);

      await Promise.all([unit(4, 'well'), unit(5, 'well')]);
      expect(savepoints()).toBe(5);
      expect(test.committed().items).toEqual([1, 3, 4, 5]);

      // 32 groups, and two have been.
      for (const id of upTo(30)) await Promise.all([add(10 * id), add(10 * id + 1)]);
      const careful = savepoints();
      await Promise.all([unit(6, 'well'), unit(7, 'well')]);
      expect([careful, savepoints()]).toEqual([65, 65]);
    });

    it('whose first unit spoils it runs none again', async () => {
      expect(await statuses([unit(1, 'badly'), unit(2, 'well')])).toEqual(['rejected', 'fulfilled']);

      expect(runs).toEqual(['1', '2']);
      expect(test.committed().items).toEqual([2]);
    });

    it('does not give a unit its time twice', async () => {
      const outcomes = await Promise.allSettled([unit(1, 'well'), unit(2, 'late'), unit(3, 'well')]);

      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(outcomes[1]).toHaveProperty('reason.name', 'UnitDeadlineExceeded');
      expect(runs).toEqual(['1', '2', '1', '3']);
      expect(test.committed().items).toEqual([1, 3]);
    });
  });

  it.each(['COMMIT', 'ROLLBACK'])('answers everybody when a unit of the group sends a %s of its own', async (sql) => {
    const outcomes = await Promise.allSettled([
      add(1),
      test.log.transaction(async (tx) => {
        await tx.rows.query(sql).catch(() => undefined);
        await tx.rows.insert(Item, item(2));
      }),
      add(3),
    ]);

    const kept = test.committed().items;
    expect([1, 2, 3].filter((id) => outcomes[id - 1].status === 'fulfilled')).toEqual(kept);
    await add(4);
    expect(test.committed().items).toEqual([...kept, 4]);
  });

  describe('its turns', () => {
    it('reach consumers while commands keep coming', async () => {
      let consumed = 0;
      let commands = 0;
      const keepComing = async (): Promise<void> => {
        while (consumed < 10 && commands < 5_000) await add(++commands);
      };

      const stream = Promise.all(upTo(20).map(keepComing));
      for (const id of upTo(10)) {
        await test.log.transaction((tx) => tx.rows.insert(Item, item(10_000 + id)), 'consumer');
        consumed++;
      }
      const commandsBefore = commands;
      await stream;

      expect(commandsBefore).toBeGreaterThan(20);
      expect(commandsBefore).toBeLessThan(5_000);
    });

    it('reach commands while consumers keep coming', async () => {
      let consumed = 0;
      let answered = 0;
      const keepComing = async (): Promise<void> => {
        while (answered < 10 && consumed < 5_000) {
          const id = 10_000 + ++consumed;
          await test.log.transaction((tx) => tx.rows.insert(Item, item(id)), 'consumer');
        }
      };

      const stream = Promise.all(upTo(20).map(keepComing));
      for (const id of upTo(10)) {
        await add(id);
        answered++;
      }
      const consumedBefore = consumed;
      await stream;

      expect(consumedBefore).toBeGreaterThan(20);
      expect(consumedBefore).toBeLessThan(5_000);
    });
  });

  it('runs each unit in the async context of its caller, and what comes after it too', async () => {
    const request = new AsyncLocalStorage<number>();
    const seen: [number, number | undefined][] = [];
    const wakeUps: (number | undefined)[] = [];
    test.log.onRecorded(() => wakeUps.push(request.getStore()));

    await Promise.all(
      upTo(30).map((id) =>
        request.run(id, async () => {
          await test.log.transaction(
            async (tx) => {
              seen.push([id, request.getStore()]);
              await tx.rows.insert(Item, item(id));
              tx.record(userCreated(id));
              seen.push([id, request.getStore()]);
            },
            id % 10 === 0 ? 'consumer' : 'command',
          );
          seen.push([id, request.getStore()]);
        }),
      ),
    );

    expect(seen).toHaveLength(90);
    expect(seen.filter(([id, store]) => id !== store)).toEqual([]);
    expect(wakeUps.length).toBeGreaterThan(0);
    expect(wakeUps.filter((store) => store !== undefined)).toEqual([]);
  });

  it('waits while another process holds the write lock', async () => {
    const order: string[] = [];
    const other = new Sqlite(test.file);
    other.exec('BEGIN IMMEDIATE');
    other.exec(`INSERT INTO item VALUES (100, 'theirs')`);
    setTimeout(() => {
      order.push('released');
      other.exec('COMMIT');
    }, 200);

    await Promise.all([add(1), add(2)]);
    order.push('answered');

    other.close();
    expect(order).toEqual(['released', 'answered']);
    expect(test.committed().items).toEqual([1, 2, 100]);
  });

  it('ends what waits when it is closed, and refuses what comes later', async () => {
    const waiting = [...upTo(20).map(add), test.log.transaction((tx) => tx.rows.insert(Item, item(21)), 'consumer')];

    const closing = test.log.close();
    const tooLate = add(30);

    await expect(tooLate).rejects.toThrow(LogUnavailable);
    await closing;
    expect(await statuses(waiting)).toEqual(upTo(21).map(() => 'fulfilled'));
    expect(test.committed().items).toEqual(upTo(21));
    await expect(add(31)).rejects.toThrow(LogUnavailable);
  });
});
