import Sqlite from 'better-sqlite3';
import { In, MoreThan } from 'typeorm';
import { Item, item, openTestLog, type TestLog, upTo } from '../testing';

describe('TypeORM on SQLite', () => {
  let test: TestLog;
  beforeEach(async () => {
    test = await openTestLog();
  });
  afterEach(() => test.close());

  /** The statements that are prepared meanwhile. */
  const prepared = async (work: () => Promise<unknown>): Promise<string[]> => {
    const prepare = jest.spyOn(Sqlite.prototype, 'prepare');
    try {
      await work();
      return prepare.mock.calls.map(([sql]) => sql);
    } finally {
      prepare.mockRestore();
    }
  };

  it('prepares a statement once, whatever numbers it is given', async () => {
    const { log } = test;
    const write = (id: number) =>
      log.transaction(async ({ rows }) => {
        await rows.insert(Item, item(id));
        await rows.update(Item, { id }, { name: `nut ${id}` });
        await rows.findOneBy(Item, { id });
        await log.reading.manager.findOneBy(Item, { id });
      });
    await write(1);

    expect(await prepared(() => write(2))).toEqual([]);
    expect(await log.reading.manager.findBy(Item, { id: MoreThan(1) })).toEqual([{ id: 2, name: 'nut 2' }]);
  });

  it('keeps numbers as they are', async () => {
    const { log } = test;
    const ids = [...upTo(3), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    for (const id of ids) await log.transaction(({ rows }) => rows.insert(Item, item(id)));

    expect(test.committed().items).toEqual(ids.toSorted((a, b) => a - b));
    expect(await log.reading.manager.countBy(Item, { id: In(ids) })).toBe(ids.length);
    const [{ kinds }] = await log.reading.query<{ kinds: string }[]>(
      'SELECT group_concat(DISTINCT typeof(id)) AS kinds FROM item',
    );
    expect(kinds).toBe('integer');
    await expect(log.transaction(({ rows }) => rows.insert(Item, item(1.5)))).rejects.toThrow(/datatype mismatch/);
  });
});
