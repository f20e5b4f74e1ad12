import { UserDeleted } from '@magasin/contracts';
import Sqlite from 'better-sqlite3';
import type { RecordedEvent } from './history';
import type { PageRequest } from './history-selection';
import { openTestLog, type TestLog, upTo, userCreated } from './testing';

const positions = (events: RecordedEvent[]): number[] => events.map(({ position }) => position);

describe('History', () => {
  let test: TestLog;
  beforeEach(async () => (test = await openTestLog()));
  afterEach(() => test.close());

  const record = (count: number): Promise<void> =>
    test.log.transaction(async (tx) => {
      for (const id of upTo(count)) tx.record(userCreated(id));
    });
  const bySql = (sql: string): void => {
    const database = new Sqlite(test.file);
    database.exec(sql);
    database.close();
  };
  const delete_ = (...gone: number[]): void => bySql(`DELETE FROM event_log WHERE id IN (${gone.join()})`);
  /** Quick rows: one a second, one in `rare` of them of the type `Rare`. */
  const fill = (count: number, rare = 1_000_000): void =>
    bySql(`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
      SELECT zeroblob(16), iif(i % ${rare} = 0, 'Rare', 'Often'), 'row-' || i, 1, '{}', '{}', i * 1000 FROM n`);
  const walk = async (request: PageRequest): Promise<number[][]> => {
    const pages: number[][] = [];
    for (let bounds: object = {}; ;) {
      const { events, next } = await test.log.history.page({ ...request, ...bounds });
      pages.push(positions(events));
      if (next === undefined) return pages;
      bounds = request.newestFirst ? { upTo: next - 1 } : { after: next };
    }
  };

  it('is empty at first', async () => {
    const { history } = test.log;

    expect(await history.head()).toBe(0);
    expect(await history.page({ limit: 5 })).toMatchObject({ events: [], next: undefined });
    expect(await history.page({ limit: 5, newestFirst: true })).toMatchObject({ events: [], next: undefined });
    expect(await history.at(1)).toBeUndefined();
  });

  it('knows the last position', async () => {
    await record(3);

    expect(await test.log.history.head()).toBe(3);
  });

  describe('page', () => {
    it('goes through the log in its order', async () => {
      await record(12);

      expect(await walk({ limit: 5 })).toEqual([
        [1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10],
        [11, 12],
      ]);
      expect(await walk({ limit: 5, after: 8 })).toEqual([[9, 10, 11, 12]]);
    });

    it('goes through the log from the newest', async () => {
      await record(12);

      expect(await walk({ limit: 5, newestFirst: true })).toEqual([
        [12, 11, 10, 9, 8],
        [7, 6, 5, 4, 3],
        [2, 1],
      ]);
      expect(await walk({ limit: 5, newestFirst: true, upTo: 3 })).toEqual([[3, 2, 1]]);
    });

    it('has no next after its last event, also when it is full', async () => {
      await record(10);

      expect(await walk({ limit: 5 })).toHaveLength(2);
      expect(await walk({ limit: 5, newestFirst: true })).toHaveLength(2);
    });

    it('misses nothing where rows were removed', async () => {
      await record(20);
      delete_(1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 20);

      expect((await walk({ limit: 3 })).flat()).toEqual([4, 5, 16, 17, 18, 19]);
      expect((await walk({ limit: 3, newestFirst: true })).flat()).toEqual([19, 18, 17, 16, 5, 4]);
    });

    it('misses nothing that is recorded while it reads', async () => {
      await record(3);
      const other = new Sqlite(test.file);
      const recordsMore = other.prepare(
        `INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
         VALUES (x'00', 'Often', 'row-1', (SELECT max(id) FROM event_log), '{}', '{}', 0)`,
      );
      const late = await openTestLog({
        folder: test.file.replace(/\/[^/]+$/, ''),
        onStatement: (sql) => {
          if (sql.includes('event_log')) for (let count = 0; count < 20; count++) recordsMore.run();
        },
      });

      const { events, next } = await late.log.history.page({ limit: 10 });

      other.close();
      await late.log.close();
      expect(next).toBe(events.at(-1)?.position);
    });

    it('finds one type', async () => {
      await test.log.transaction(async (tx) => {
        for (const id of [1, 2, 3, 4]) {
          tx.record(userCreated(id));
          tx.record(UserDeleted.of({ id, name: 'Ada', email: 'ada@example.com', user_type_id: 1 }));
        }
      });

      expect(await walk({ limit: 3, types: ['UserDeleted'] })).toEqual([[2, 4, 6], [8]]);
      expect(await walk({ limit: 3, types: ['UserCreated'], newestFirst: true })).toEqual([[7, 5, 3], [1]]);
      expect(await walk({ limit: 3, types: ['Nobody'] })).toEqual([[]]);
      expect(await walk({ limit: 3, exceptTypes: ['UserCreated', 'Nobody'] })).toEqual([[2, 4, 6], [8]]);
    });

    it('looks for a rare type in a bounded part of the log, and says where to go on', async () => {
      fill(12_000, 4_500);

      expect(await walk({ limit: 2, types: ['Rare'] })).toEqual([[4_500], [9_000], []]);
      expect(await walk({ limit: 2, types: ['Rare'], newestFirst: true })).toEqual([[9_000], [4_500], []]);
    });
  });

  it('reads a stream by version', async () => {
    await test.log.transaction(async (tx) => {
      for (const id of [1, 2, 1, 1, 2, 1, 12]) tx.record(userCreated(id));
    });

    const versions = async (after: number, limit: number): Promise<number[][]> =>
      (await test.log.history.page({ stream: 'user-1', after, limit })).events.map(({ position, version }) => [
        position,
        version,
      ]);

    expect(await versions(0, 10)).toEqual([
      [1, 1],
      [3, 2],
      [4, 3],
      [6, 4],
    ]);
    expect(await versions(1, 2)).toEqual([
      [3, 2],
      [4, 3],
    ]);
    expect(await versions(4, 10)).toEqual([]);
    expect(await walk({ stream: 'user-1', limit: 3 })).toEqual([[1, 3, 4], [6]]);
    expect(await walk({ stream: 'user-1', limit: 3, newestFirst: true })).toEqual([[6, 4, 3], [1]]);
    expect(await walk({ stream: 'user-1', limit: 3, after: 1, upTo: 3 })).toEqual([[3, 4]]);
    expect(await walk({ stream: 'user-3', limit: 3 })).toEqual([[]]);
  });

  it('reads one event by position', async () => {
    await record(5);
    delete_(3);

    expect(await test.log.history.at(4)).toMatchObject({
      position: 4,
      type: 'UserCreated',
      stream: 'user-4',
      version: 1,
    });
    expect(await test.log.history.at(3)).toBeUndefined();
    expect(await test.log.history.at(6)).toBeUndefined();
  });

  it('reads one event by its id, among many of the same millisecond', async () => {
    await record(50);
    const events = await test.log.history.after(0, 50);

    for (const event of events) expect(await test.log.history.byId(event.id)).toEqual(event);
    expect(await test.log.history.byId(events[7].id.replace(/.{12}$/, 'ffffffffffff'))).toBeUndefined();
    expect(await test.log.history.byId('00000000-0000-7000-8000-000000000000')).toBeUndefined();
    expect(await test.log.history.byId('not an id')).toBeUndefined();
  });

  describe('a time', () => {
    const at = async (from?: number, to?: number): Promise<number[]> => {
      const found: number[] = [];
      for await (const { events } of test.log.history.read(await test.log.history.find({ from, to })))
        found.push(...positions(events));
      return found;
    };

    it('is before the first, at an event, between two and after the last', async () => {
      fill(100);

      expect(await at(0)).toEqual(upTo(100));
      expect((await at(1_001))[0]).toBe(2);
      expect(await at(42_000, 44_000)).toEqual([42, 43, 44]);
      expect(await at(42_500, 43_499)).toEqual([43]);
      expect(await at(42_500, 42_900)).toEqual([]);
      expect(await at(100_000)).toEqual([100]);
      expect(await at(100_001)).toEqual([]);
      expect(await at(undefined, 2_500)).toEqual([1, 2]);
    });

    it('has all events of the same moment', async () => {
      fill(100);
      bySql('UPDATE event_log SET occurred_at = 42000 WHERE id BETWEEN 42 AND 60');

      expect(await at(42_000, 42_000)).toEqual(upTo(100).filter((position) => position >= 42 && position <= 60));
    });

    it('has every event of it where two processes have recorded by turns, each a while after its own look at the clock', async () => {
      fill(100);
      bySql('UPDATE event_log SET occurred_at = occurred_at - 9000 WHERE id % 2 = 0');
      const moment = (position: number) => position * 1_000 - (position % 2 === 0 ? 9_000 : 0);

      for (const from of [1_000, 30_000, 30_500, 77_000]) {
        const to = from + 6_000;
        const there = upTo(100).filter((position) => moment(position) >= from && moment(position) <= to);
        expect([from, await at(from, to)]).toEqual([from, there]);
      }
    });

    it('starts a reader at the same event wherever rows were removed', async () => {
      const gone = upTo(100).filter(
        (position) => position < 10 || position % 3 !== 0 || (position > 40 && position < 70),
      );
      fill(100);
      delete_(...gone);
      const left = upTo(100).filter((position) => !gone.includes(position));

      for (const moment of upTo(202).map((half) => half * 500)) {
        expect([moment, (await at(moment))[0]]).toEqual([moment, left.find((position) => position * 1000 >= moment)]);
      }
    });
  });

  it('costs what it returns: each of its statements searches by key, sorts nothing, and they are few', async () => {
    fill(12_000, 4_500);
    await record(1);
    const { history } = test.log;
    const [{ id }] = await history.after(12_000, 1);
    const calls: [string, number, () => Promise<unknown>][] = [
      ['head', 1, () => history.head()],
      ['page', 2, () => history.page({ limit: 50 })],
      ['page in the middle', 2, () => history.page({ limit: 50, after: 6_000 })],
      ['newest page', 2, () => history.page({ limit: 50, newestFirst: true })],
      ['page of a type', 2, () => history.page({ limit: 50, types: ['Rare'] })],
      ['newest page of a type', 2, () => history.page({ limit: 50, types: ['Rare'], newestFirst: true })],
      ['page without a type', 2, () => history.page({ limit: 50, exceptTypes: ['Rare'] })],
      ['after', 1, () => history.after(500, 50)],
      ['page of a stream', 2, () => history.page({ stream: 'row-7', limit: 50 })],
      ['newest page of a stream', 2, () => history.page({ stream: 'row-7', limit: 50, newestFirst: true })],
      ['page of a stream and a type', 2, () => history.page({ stream: 'row-7', limit: 50, types: ['Rare'] })],
      ['find', 32, () => history.find({ from: 5_000_000, to: 6_000_000 })],
      ['find in a stream', 8, () => history.find({ stream: 'row-7', from: 5_000, to: 6_000_000, after: 3 })],
      ['versionOf', 1, () => history.versionOf('row-7')],
      ['at', 1, () => history.at(7)],
      ['byId', 33, () => history.byId(id)],
    ];
    const database = new Sqlite(test.file);
    database.exec('ANALYZE');

    for (const [name, most, call] of calls) {
      test.statements.length = 0;
      await call();

      expect([name, test.statements.length > 0 && test.statements.length <= most]).toEqual([name, true]);
      for (const sql of test.statements) {
        const plan = database.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
        expect(plan.map(({ detail }) => `${name}: ${detail}`)).toEqual([
          expect.stringMatching(
            /: SEARCH (event_log( USING INTEGER PRIMARY KEY \(rowid.*\)| USING (COVERING )?INDEX uq_event_stream \(stream=\?.*\))?|stream_head USING PRIMARY KEY.*)$/,
          ),
        ]);
      }
    }
    database.close();
  });
});
