import Sqlite from 'better-sqlite3';
import type { Selection } from './history-selection';
import { openTestLog, type TestLog, upTo } from './testing';

describe('History', () => {
  let test: TestLog;
  beforeEach(async () => (test = await openTestLog()));
  afterEach(() => test.close());

  /** One event a second; three streams in turn; one in `rare` of them of the type `Rare`. */
  const fill = (count: number, rare = 1_000_000): void => {
    const database = new Sqlite(test.file);
    database.exec(`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
      SELECT zeroblob(16), iif(i % ${rare} = 0, 'Rare', 'Often'), 'row-' || (i % 3), (i + 2) / 3, '{}', '{}', i * 1000 FROM n`);
    database.close();
  };
  const stretches = async (selection: Selection, most?: number): Promise<number[][]> => {
    const { history } = test.log;
    const read: number[][] = [];
    for await (const { events } of history.read(await history.find(selection), most)) {
      read.push(events.map(({ position }) => position));
    }
    return read;
  };
  const positions = async (selection: Selection, most?: number): Promise<number[]> =>
    (await stretches(selection, most)).flat();

  describe('find and read', () => {
    it('read nothing of an empty log', async () => {
      expect(await positions({})).toEqual([]);
      expect(await positions({ stream: 'row-1', types: ['Rare'], from: 1, to: 2, after: 7 })).toEqual([]);
    });

    it('read the log in its order, whole or from a position on', async () => {
      fill(3_000);

      expect(await positions({})).toEqual(upTo(3_000));
      expect(await positions({ after: 2_995 })).toEqual([2_996, 2_997, 2_998, 2_999, 3_000]);
      expect(await positions({ after: 3_000 })).toEqual([]);
      expect(await positions({ after: 9_999 })).toEqual([]);
    });

    it('read as many events as are asked for', async () => {
      fill(3_000);

      expect(await positions({}, 1)).toEqual([1]);
      expect(await positions({ after: 10 }, 700)).toEqual(upTo(700).map((position) => position + 10));
      expect(await positions({}, 9_999)).toEqual(upTo(3_000));
      expect(await positions({}, 0)).toEqual([]);
    });

    it.each<[string, Selection, (position: number) => boolean]>([
      ['from a moment on', { from: 290_000 }, (n) => n >= 290],
      ['from between two events on', { from: 289_001 }, (n) => n >= 290],
      ['up to a moment', { to: 7_000 }, (n) => n <= 7],
      ['up to just before a moment', { to: 6_999 }, (n) => n <= 6],
      ['within two moments', { from: 20_000, to: 30_000 }, (n) => n >= 20 && n <= 30],
      ['of one moment', { from: 20_000, to: 20_000 }, (n) => n === 20],
      ['of no time at all', { from: 30_000, to: 20_000 }, () => false],
      ['behind a position and from a moment on', { after: 100, from: 90_000, to: 120_000 }, (n) => n > 100 && n <= 120],
      ['of one stream', { stream: 'row-1' }, (n) => n % 3 === 1],
      ['of no stream', { stream: 'row-9' }, () => false],
      ['of one stream, behind a position', { stream: 'row-1', after: 31 }, (n) => n % 3 === 1 && n > 31],
      [
        'of one stream, within two moments',
        { stream: 'row-2', from: 20_000, to: 50_000 },
        (n) => n % 3 === 2 && n >= 20 && n <= 50,
      ],
      ['of one stream and type', { stream: 'row-0', types: ['Rare'] }, (n) => n % 21 === 0],
      ['of one type', { types: ['Rare'] }, (n) => n % 7 === 0],
      ['of several types', { types: ['Rare', 'Often'], after: 280 }, (n) => n > 280],
      [
        'of all conditions at once',
        { stream: 'row-0', types: ['Rare'], from: 50_000, to: 200_000, after: 63 },
        (n) => n % 21 === 0 && n > 63 && n <= 200,
      ],
    ])('read the events %s', async (_, selection, isMeant) => {
      fill(300, 7);

      expect(await positions(selection)).toEqual(upTo(300).filter(isMeant));
    });

    it('end where the log ended when they began', async () => {
      fill(20);
      const { history } = test.log;
      const range = await history.find({});
      const database = new Sqlite(test.file);
      database.exec(`INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
                     VALUES (zeroblob(16), 'Late', 'late-1', 1, '{}', '{}', 99000)`);
      database.close();

      const seen: number[] = [];
      for await (const { events } of history.read(range)) seen.push(...events.map(({ position }) => position));

      expect(seen).toEqual(upTo(20));
      expect(await history.head()).toBe(21);
    });

    it('read small events many at once, and large ones few at once', async () => {
      fill(3_000);
      const small = (await stretches({})).map(({ length }) => length);
      expect(small.slice(0, 6)).toEqual([16, 32, 64, 128, 256, 500]);
      expect(Math.max(...small)).toBe(500);

      const database = new Sqlite(test.file);
      database.exec(`UPDATE event_log SET payload = '"' || hex(zeroblob(40000)) || '"'`);
      database.close();
      const large = (await stretches({})).map(({ length }) => length);
      expect(large[0]).toBe(16);
      expect(Math.max(...large.slice(1))).toBe(3);
      expect(large.reduce((sum, length) => sum + length)).toBe(3_000);
    });

    it('look through a log for a type that is not there, and let others have their turn', async () => {
      fill(50_000);
      let turns = 0;
      const turn = (): NodeJS.Immediate => setImmediate(() => ((turns += 1), turns < 1_000 && turn()));
      turn();

      const read = await stretches({ types: ['Nobody'] });

      expect(read.map(({ length }) => length)).toEqual(Array(10).fill(0));
      expect(turns).toBeGreaterThanOrEqual(9);
    });

    it('stop reading when nobody wants more', async () => {
      fill(50_000);
      const { history } = test.log;
      const range = await history.find({});
      test.statements.length = 0;

      for await (const { events } of history.read(range)) if (events.length > 0) break;

      expect(test.statements).toHaveLength(1);
    });
  });

  it('knows how many events a stream has had', async () => {
    const { history } = test.log;
    expect(await history.versionOf('row-1')).toBe(0);
    const database = new Sqlite(test.file);
    database.exec("INSERT INTO stream_head VALUES ('row-1', 12)");
    database.close();

    expect(await history.versionOf('row-1')).toBe(12);
  });
});
