import type { Repository } from 'typeorm';
import { WriteOutsideUnit } from './errors';
import { item, Item, openTestLog, type TestLog } from './testing';

describe('A bare repository', () => {
  let test: TestLog;
  let items: Repository<Item>;
  beforeEach(async () => {
    test = await openTestLog();
    items = test.log.reading.getRepository(Item);
    await test.log.transaction((tx) => tx.rows.insert(Item, [item(1), item(2)]));
  });
  afterEach(() => test.close());

  it('reads what is committed', async () => {
    expect(await items.find({ order: { id: 'DESC' } })).toEqual([item(2), item(1)]);
    expect(await items.findOneBy({ id: 2 })).toEqual(item(2));
    expect(await items.countBy({ name: 'screw' })).toBe(2);
    expect(await items.existsBy({ id: 3 })).toBe(false);
    expect(await items.createQueryBuilder('item').where('item.id > 1').getMany()).toEqual([item(2)]);
    expect(await items.query('SELECT id FROM item WHERE id = ?', [1])).toEqual([{ id: 1 }]);
  });

  it('does not see the rows of a unit that is not over', async () => {
    await test.log.transaction(async (tx) => {
      await tx.rows.insert(Item, item(3));
      expect(await items.existsBy({ id: 3 })).toBe(false);
    });

    expect(await items.existsBy({ id: 3 })).toBe(true);
  });

  const writes: [string, () => Promise<unknown>][] = [
    ['save()', () => items.save(item(3))],
    ['save() of a changed row', () => items.save(item(1, 'nail'))],
    ['insert()', () => items.insert(item(3))],
    ['upsert()', () => items.upsert(item(3), ['id'])],
    ['update()', () => items.update(1, { name: 'nail' })],
    ['increment()', () => items.increment({ id: 1 }, 'id', 10)],
    ['delete()', () => items.delete(1)],
    ['remove()', () => items.remove(item(1))],
    ['clear()', () => items.clear()],
    ['an insert of the query builder', () => items.createQueryBuilder().insert().values(item(3)).execute()],
    ['a delete of the query builder', () => items.createQueryBuilder().delete().where('id = 1').execute()],
    ['manager.transaction()', () => items.manager.transaction((rows) => rows.insert(Item, item(3)))],
    ['a transaction of the DataSource', () => test.log.reading.transaction((rows) => rows.insert(Item, item(3)))],
  ];

  it.each(writes)('refuses %s', async (_, write) => {
    await expect(write()).rejects.toThrow(WriteOutsideUnit);

    expect(await items.find()).toEqual([item(1), item(2)]);
  });

  it.each(writes)('refuses %s inside a unit too, and the unit fails', async (_, write) => {
    const answer = test.log.transaction(async (tx) => {
      await tx.rows.insert(Item, item(9));
      await write();
    });

    await expect(answer).rejects.toThrow(WriteOutsideUnit);
    expect(await items.find()).toEqual([item(1), item(2)]);
  });

  it('refuses a written statement', async () => {
    await expect(items.query('DELETE FROM item')).rejects.toThrow('attempt to write a readonly database');

    expect(await items.count()).toBe(2);
  });
});
