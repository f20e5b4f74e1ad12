import { DomainEvent, EventContract, UserCreated } from '@magasin/contracts';
import { InvalidEvent } from './errors';
import { item, Item, openTestLog, type TestLog, upTo, userCreated } from './testing';

/** Passes its schema, and is refused by the table: its unit fails after other events of it were inserted. */
@EventContract({ topic: 'lost-events', schemaVersion: 1, stream: () => null as never })
class Lost extends DomainEvent {}

describe('A unit of work', () => {
  let test: TestLog;
  beforeEach(async () => (test = await openTestLog({ timeZone: 'UTC' })));
  afterEach(() => test.close());

  it('commits rows and event together and gives back what the work returns', async () => {
    const answer = await test.log.transaction(async (tx) => {
      await tx.rows.insert(Item, item(1));
      tx.record(userCreated(12));
      expect(test.committed()).toEqual({ items: [], events: [] });
      return 'done';
    });

    expect(answer).toBe('done');
    expect(test.committed()).toEqual({ items: [1], events: [{ position: 1, stream: 'user-12', version: 1 }] });
  });

  it('stores the payload to the letter', async () => {
    await test.log.transaction(async (tx) => tx.record(userCreated(12)));

    const [event] = await test.log.history.after(0, 10);
    const datetime = `${new Date(event.occurredAt).toISOString().slice(0, -1).replace('T', ' ')}000`;
    expect(event.payload).toBe(
      `{"event":"UserCreated","id":12,"name":"Ada Lovelace","email":"ada@example.com","user_type_id":1,"datetime":"${datetime}"}`,
    );
  });

  it('rolls back rows and event together when the work throws', async () => {
    const refused = new Error('no more screws');

    const answer = test.log.transaction(async (tx) => {
      tx.record(userCreated(12));
      await tx.rows.insert(Item, item(1));
      throw refused;
    });

    await expect(answer).rejects.toBe(refused);
    expect(test.committed()).toEqual({ items: [], events: [] });
  });

  it('rolls back when the work throws before it returns a promise', async () => {
    const answer = test.log.transaction((tx) => {
      tx.record(userCreated(12));
      throw new Error('at once');
    });

    await expect(answer).rejects.toThrow('at once');
    expect(test.committed().events).toEqual([]);
  });

  it('counts versions per stream, over units and within one', async () => {
    const record = (...ids: number[]): Promise<void> =>
      test.log.transaction(async (tx) => ids.forEach((id) => tx.record(userCreated(id))));

    await record(1);
    await record(1, 2, 1);
    await record(2, 1);

    expect(test.committed().events).toEqual([
      { position: 1, stream: 'user-1', version: 1 },
      { position: 2, stream: 'user-1', version: 2 },
      { position: 3, stream: 'user-2', version: 1 },
      { position: 4, stream: 'user-1', version: 3 },
      { position: 5, stream: 'user-2', version: 2 },
      { position: 6, stream: 'user-1', version: 4 },
    ]);
  });

  it.each([
    ['alone', 1],
    ['in a group', 10],
  ])('leaves no hole in positions and versions after units that rolled back, %s', async (_, together) => {
    const unit = (number: number): Promise<void> =>
      test.log.transaction(async (tx) => {
        tx.record(userCreated(1));
        if (number % 3 === 0) tx.record(Lost.of({}));
      });

    for (let start = 0; start < 20; start += together) {
      await Promise.allSettled(upTo(together).map((index) => unit(start + index)));
    }

    expect(test.committed().events).toEqual(
      upTo(14).map((place) => ({ position: place, stream: 'user-1', version: place })),
    );
  });

  it('goes on counting a stream whose history was removed', async () => {
    await test.log.transaction(async (tx) => tx.record(userCreated(1)));
    await test.log.transaction((tx) => tx.rows.query('DELETE FROM event_log'));

    await test.log.transaction(async (tx) => tx.record(userCreated(1)));

    expect(test.committed().events).toEqual([{ position: 2, stream: 'user-1', version: 2 }]);
  });

  it('writes through an injected repository that was brought into it', async () => {
    const injected = test.log.reading.getRepository(Item);

    await test.log.transaction(async (tx) => {
      const items = tx.rows.withRepository(injected);
      await items.save([item(1), item(2)]);
      await items.update(2, { name: 'nail' });
      await items.createQueryBuilder().insert().values(item(3)).execute();
      expect(await items.countBy({ name: 'screw' })).toBe(2);
    });

    expect(await injected.find({ order: { id: 'ASC' } })).toEqual([item(1), item(2, 'nail'), item(3)]);
  });

  it('keeps a TypeORM transaction inside it as a savepoint, undone alone when its error is caught', async () => {
    await test.log.transaction(async (tx) => {
      await tx.rows.insert(Item, item(1));
      const inner = tx.rows.transaction(async (rows) => {
        await rows.insert(Item, item(2));
        throw new Error('only this part');
      });
      await expect(inner).rejects.toThrow('only this part');
      await tx.rows.insert(Item, item(3));
    });

    expect(test.committed().items).toEqual([1, 3]);
  });

  it('refuses an invalid event at once, at the line that records it', async () => {
    const reached: string[] = [];

    const answer = test.log.transaction(async (tx) => {
      await tx.rows.insert(Item, item(1));
      reached.push('before');
      tx.record(UserCreated.of({ id: 0, name: 'Ada', email: 'nobody', user_type_id: 1 }));
      reached.push('after');
    });

    await expect(answer).rejects.toThrow(InvalidEvent);
    expect(reached).toEqual(['before']);
    expect(test.committed()).toEqual({ items: [], events: [] });
  });
});
