import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { isUniqueViolation, LogUnavailable, UnitDeadlineExceeded, UnitIsOver, WriteOutsideUnit } from '../errors';
import { EventLog } from '../event-log';
import { Item, item, onBothDatabases, type TestDatabases, upTo, userCreated } from '../testing';
import type { UnitOfWork } from '../unit-of-work';
import { itOnServer, LogScene } from './scene';
import { tcpProxy } from '../../../../tests/tcp-proxy';

onBothDatabases('A log', (databases: TestDatabases) => {
  let scene: LogScene;
  let log: EventLog;
  beforeEach(async () => {
    scene = await LogScene.create(databases);
    ({ log } = scene);
  });
  afterEach(() => scene.end());
  const onServer = itOnServer(databases);

  it('is opened by several processes at once, and is one log', async () => {
    const others = await Promise.all(upTo(4).map(() => scene.open()));

    expect(new Set([log, ...others].map(({ identity }) => identity)).size).toBe(1);
    for (const other of others) await other.close();
  });

  onServer('sends BEGIN with the first statement and the event with the COMMIT', async () => {
    scene.statements.length = 0;
    await scene.write(1);

    expect(scene.statements).toEqual([
      expect.stringMatching(/^START TRANSACTION; INSERT INTO `item`/),
      expect.stringMatching(/^INSERT INTO stream_head[^]+INSERT INTO event_log[^]+COMMIT$/),
    ]);
    expect(await scene.seen()).toEqual({ items: [1], events: [{ stream: 'user-1', version: 1, position: 0 }] });
  });

  describe('sends a last statement with the COMMIT', () => {
    const insert = 'INSERT INTO item (id, name) VALUES (?, ?)';
    const items = async (): Promise<string[]> =>
      (await log.reading.manager.find(Item, { order: { id: 'ASC' } })).map(({ name }) => name);

    it('after what the unit has done', async () => {
      await log.transaction(async (tx) => {
        tx.withCommit(insert, [2, "it's"]);
        tx.withCommit("UPDATE item SET name = 'both' WHERE id IN (1, 2)", []);
        await tx.rows.insert(Item, item(1));
      });
      await log.transaction(async (tx) => tx.withCommit(insert, [3, 'alone']));

      expect(await items()).toEqual(['both', 'both', 'alone']);
    });

    it('and keeps nothing of the unit when it fails', async () => {
      await scene.write(1);
      const unit = log.transaction(async (tx) => {
        await tx.rows.insert(Item, item(2));
        tx.withCommit(insert, [1, 'there already']);
        tx.record(userCreated(2));
      });

      await expect(unit).rejects.toThrow(/UNIQUE|Duplicate/);
      await scene.write(3);
      expect(await items()).toHaveLength(2);
      expect(await log.history.versionOf('user-2')).toBe(0);
    });

    it('and keeps nothing of a unit that has done nothing else, when it fails, on the same connection later', async () => {
      const fails = log.transaction(async (tx) => {
        tx.withCommit(insert, [2, 'gone']);
        tx.withCommit(insert, [2, 'there already']);
      });

      expect(isUniqueViolation(await fails.catch((error: unknown) => error))).toBe(true);
      await Promise.all(upTo(20).map((id) => scene.write(100 + id)));
      expect(await items()).toHaveLength(20);
    });

    it.each(['COMMIT', 'BEGIN'])('but no %s', async (sql) => {
      const unit = log.transaction(async (tx) => {
        await tx.rows.insert(Item, item(1));
        tx.withCommit(sql, []);
      });

      await expect(unit).rejects.toThrow('begins and ends by itself');
      expect(await items()).toEqual([]);
    });

    it('not of a unit that throws, and not after its end', async () => {
      let late: UnitOfWork;
      const unit = log.transaction(async (tx) => {
        tx.withCommit(insert, [1, 'never']);
        late = tx;
        throw new Error('no');
      });

      await expect(unit).rejects.toThrow('no');
      expect(() => late.withCommit(insert, [1, 'late'])).toThrow(UnitIsOver);
      expect(await items()).toEqual([]);
    });

    onServer('in one round trip', async () => {
      scene.statements.length = 0;
      await log.transaction(async (tx) => {
        tx.record(userCreated(1));
        tx.withCommit(insert, [1, 'x']);
      });

      expect(scene.statements).toEqual([expect.stringMatching(/^START TRANSACTION; INSERT INTO item[^]+COMMIT$/)]);
    });
  });

  onServer(
    'counts versions in the order of the ids, without a gap, whatever writes at once and rolls back',
    async () => {
      const rolledBack = new Error('rolled back');
      await Promise.all(
        upTo(300).map((number) =>
          log
            .transaction(async (tx) => {
              await tx.rows.insert(Item, item(number));
              for (const stream of [1 + (number % 5), 1 + (number % 3), 7]) tx.record(userCreated(stream));
              if (number % 7 === 0) throw rolledBack;
            })
            .catch((error: unknown) => expect(error).toBe(rolledBack)),
        ),
      );

      const { items, events } = await scene.seen();
      expect(items).toEqual(upTo(300).filter((number) => number % 7 !== 0));
      expect(events).toHaveLength(items.length * 3);
      for (const [, own] of Map.groupBy(events, ({ stream }) => stream))
        expect(own.map(({ version }) => version)).toEqual(own.map((_, index) => index + 1));
    },
  );

  onServer('runs the victim of a deadlock again, whole', async () => {
    await scene.write(1);
    await scene.write(2);
    let runs = 0;
    const both = (first: number, second: number) =>
      log.transaction(async ({ rows }) => {
        runs += 1;
        await rows.update(Item, { id: first }, { name: `${first} then ${second}` });
        await delay(50);
        await rows.update(Item, { id: second }, { name: `${first} then ${second}` });
      });

    await Promise.all([both(1, 2), both(2, 1)]);

    expect(runs).toBeGreaterThan(2);
    const names = (await log.reading.manager.find(Item)).map(({ name }) => name);
    expect(new Set(names).size).toBe(1);
  });

  onServer('keeps nothing of a unit whose connection was killed, and runs it again', async () => {
    let runs = 0;
    await log.transaction(async (tx) => {
      runs += 1;
      await tx.rows.insert(Item, item(1));
      tx.record(userCreated(1));
      const [{ id }] = await tx.rows.query<{ id: number }[]>('SELECT CONNECTION_ID() AS id');
      if (runs === 1) await scene.stranger.query(`KILL ${id}`);
      await tx.rows.update(Item, { id: 1 }, { name: 'bolt' });
    });

    expect(runs).toBe(2);
    expect(await scene.seen()).toEqual({ items: [1], events: [{ stream: 'user-1', version: 1, position: 0 }] });
  });

  onServer('keeps nothing of a unit that swallows the error that ended its transaction', async () => {
    let runs = 0;
    const answer = log.transaction(async (tx) => {
      runs += 1;
      await tx.rows.insert(Item, item(runs));
      const [{ id }] = await tx.rows.query<{ id: number }[]>('SELECT CONNECTION_ID() AS id');
      await scene.stranger.query(`KILL ${id}`);
      await tx.rows.insert(Item, item(runs + 100)).catch(() => undefined);
      await tx.rows.insert(Item, item(runs + 200)).catch(() => undefined);
    });

    await expect(answer).rejects.toThrow(LogUnavailable);
    expect((await scene.seen()).items).toEqual([]);
  });

  onServer('frees what a frozen process has locked', async () => {
    await scene.write(1);
    const frozen = await createConnection(scene.address);
    await frozen.query('SET SESSION idle_transaction_timeout = 3');
    await frozen.query('START TRANSACTION');
    await frozen.query('UPDATE item SET name = "held" WHERE id = 1');

    await log.transaction(({ rows }) => rows.update(Item, { id: 1 }, { name: 'free' }));

    expect((await log.reading.manager.findOneByOrFail(Item, { id: 1 })).name).toBe('free');
    frozen.destroy();
  });

  onServer('says that the server is away, in words, and is there again when it is', async () => {
    const away = EventLog.open({ url: 'mariadb://root@127.0.0.1:1/nowhere', entities: [], migrations: [] });

    await expect(away).rejects.toThrow(LogUnavailable);
    await expect(away).rejects.toThrow(/ECONNREFUSED/);
  });

  onServer('says whether nothing was kept, or nobody knows, when the server is lost', async () => {
    const proxy = await tcpProxy(new URL(scene.url));
    let lossy = false;
    const far = await scene.open({
      url: proxy.url,
      onStatement: (sql) => {
        if (lossy && sql.endsWith('COMMIT')) proxy.cut();
      },
    });
    lossy = true;
    const write = () => far.transaction((tx) => tx.rows.insert(Item, item(1)));

    await expect(write()).rejects.toMatchObject({ name: 'LogUnavailable', inDoubt: true });
    await expect(write()).rejects.toMatchObject({ name: 'LogUnavailable', inDoubt: false });
    await far.close();
    await proxy.close();
  });

  describe('inside a unit', () => {
    it.each<[string, (tx: UnitOfWork) => unknown]>([
      ['insert', (tx) => tx.rows.insert(Item, item(7))],
      ['save', (tx) => tx.rows.save(item(7))],
      ['find', (tx) => tx.rows.find(Item)],
      ['record', async (tx) => tx.record(userCreated(7))],
    ])('refuses %s when tx was kept beyond its end', async (_, use) => {
      const kept = await log.transaction(async (tx) => tx);

      await expect(use(kept)).rejects.toThrow(UnitIsOver);
    });

    it('joins a nested transaction', async () => {
      await log.transaction(async (tx) => {
        await tx.rows.insert(Item, item(1));
        await log.transaction(async (inner) => {
          expect(await inner.rows.find(Item)).toEqual([item(1)]);
          inner.record(userCreated(1));
        });
      });

      expect(log.writes.units).toBe(1);
    });

    it('ends what waits for something else, and the next one works', async () => {
      const answer = log.transaction(async (tx) => {
        await tx.rows.insert(Item, item(1));
        await new Promise(() => undefined);
      });

      await expect(answer).rejects.toThrow(UnitDeadlineExceeded);
      await scene.write(2);
      expect(await log.reading.manager.find(Item)).toEqual([item(2)]);
    });

    it('refuses a write past the unit, and what would end it', async () => {
      await expect(log.reading.getRepository(Item).save(item(1))).rejects.toThrow(WriteOutsideUnit);
      await expect(log.transaction((tx) => tx.rows.dataSource.getRepository(Item).save(item(1)))).rejects.toThrow(
        WriteOutsideUnit,
      );
      for (const sql of ['COMMIT', 'ROLLBACK', 'BEGIN'])
        await expect(log.transaction((tx) => tx.rows.query(sql))).rejects.toThrow(/begins and ends by itself/);
    });
  });
});
