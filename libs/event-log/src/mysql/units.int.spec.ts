import { EventLog } from '../event-log';
import { onBothDatabases } from '../test-databases';
import { CreateItem1764000000001, item, Item } from '../testing';
import type { UnitOfWork } from '../unit-of-work';

// On SQLite one unit runs after the other: there is nothing to wait for, and the same must come out.
onBothDatabases('Units that lock the same rows', (databases) => {
  let url: string;
  let log: EventLog;
  beforeEach(async () => {
    url = databases.create();
    log = await EventLog.open({ url, entities: [Item], migrations: [CreateItem1764000000001] });
    await log.transaction(async ({ rows }) => {
      await rows.insert(Item, [item(1), item(2)]);
    });
  });
  afterEach(async () => {
    await log.close();
    await databases.remove(url);
  });

  /** Renames two rows, one after the other, so that two units with other orders run into each other. */
  const rename = async ({ rows }: UnitOfWork, first: number, second: number, name: string): Promise<void> => {
    await rows.update(Item, { id: first }, { name });
    await rows.findOneBy(Item, { id: first });
    await rows.update(Item, { id: second }, { name });
  };

  it('are run again when they were the victim of a deadlock, also inside a unit that made another error of it', async () => {
    class Refused extends Error {}
    const once = (first: number, second: number, name: string): Promise<void> =>
      log.transaction(async () => {
        // As a request with an Idempotency-Key: its route answers whatever its command throws.
        await log
          .transaction((tx) => rename(tx, first, second, name))
          .catch(() => {
            throw new Refused('The route has answered 500.');
          });
      });

    for (let round = 0; round < 20; round += 1) {
      await Promise.all([once(1, 2, 'a'), once(2, 1, 'b')]);
    }

    const names = (await log.reading.manager.find(Item)).map(({ name }) => name);
    expect(new Set(names).size).toBe(1);
  });

  it('end with what they say on purpose', async () => {
    class SoldOut extends Error {}
    const answer = log.transaction(async (tx) => {
      await rename(tx, 1, 2, 'a');
      await log.transaction(() => Promise.reject(new SoldOut())).catch(() => undefined);
    });

    await expect(answer).rejects.toBeInstanceOf(SoldOut);
    expect((await log.reading.manager.find(Item)).map(({ name }) => name)).toEqual(['screw', 'screw']);
  });
});
