import { Fenced } from '../errors';
import type { EventLog } from '../event-log';
import { onBothDatabases, type TestDatabases, upTo } from '../testing';
import { itOnServer, LogScene } from './scene';

onBothDatabases('The outbox of a log', (databases: TestDatabases) => {
  let scene: LogScene;
  let log: EventLog;
  beforeEach(async () => {
    scene = await LogScene.create(databases);
    ({ log } = scene);
  });
  afterEach(() => scene.end());
  const onServer = itOnServer(databases);

  const lead = async (owner: string) => (await log.outbox.take(await log.outbox.lease(), owner))!;

  onServer('numbers what is committed, densely, and nobody reads an event before', async () => {
    for (const id of upTo(5)) await scene.write(id);
    expect(await log.history.head()).toBe(0);
    expect(await log.history.after(0, 10)).toEqual([]);
    expect((await log.history.page({ stream: 'user-1', limit: 5 })).events).toEqual([]);
    const inUnit = await log.transaction((tx) => tx.history.page({ stream: 'user-1', limit: 5 }));
    expect(inUnit.events).toHaveLength(1);

    const lease = await lead('me');
    expect(await log.outbox.number(lease, 3, '{}')).toHaveLength(3);
    expect(await log.outbox.number(lease, 3, '{"a":1}')).toHaveLength(2);
    expect(await log.outbox.number(lease, 3, '{}')).toEqual([]);

    expect((await scene.seen()).events.map(({ position }) => position)).toEqual(upTo(5));
    expect(await log.outbox.lease()).toMatchObject({ owner: 'me', assigned: 5, marks: '{"a":1}' });
    const events = await log.history.after(0, 10);
    for (const event of events) expect(await log.history.byId(event.id)).toEqual(event);
  });

  onServer('reads them along for whoever wants them, but for large ones', async () => {
    for (const id of upTo(5)) await scene.write(id);
    await scene.stranger.query(
      "UPDATE event_log SET payload = CONCAT(payload, REPEAT(' ', 5000)) WHERE stream = 'user-3'",
    );
    const lease = await lead('me');
    const whole = [];
    for (const limit of [2, 2]) whole.push(...(await log.outbox.number(lease, limit, '{}', { whole: true })));
    // Seen with the last ones, when they were wanted.
    whole.push(...(await log.outbox.number(lease, 1, '{}')));
    await scene.write(6);
    const [last] = await log.outbox.number(lease, 1, '{}');

    const events = await log.history.after(0, 10);
    expect(whole.map(({ event }) => event)).toEqual(events.slice(0, 5).with(2, undefined as never));
    expect(whole.map(({ type }) => type)).toEqual(Array.from({ length: 5 }, () => 'UserCreated'));
    expect(last).toEqual({ type: 'UserCreated', event: undefined });
  });

  it('is led by one: what a former leader writes is refused, and changes nothing', async () => {
    await scene.write(1);
    const former = await lead('former');
    const seenByTwo = await log.outbox.lease();
    const leader = (await log.outbox.take(seenByTwo, 'leader'))!;

    expect(await log.outbox.take(seenByTwo, 'late')).toBeUndefined();
    if (log.outbox.numbers) await expect(log.outbox.number(former, 10, '{"mine":1}')).rejects.toThrow(Fenced);
    await expect(log.outbox.beat(former, '{"mine":1}')).rejects.toThrow(Fenced);
    expect(await log.outbox.lease()).toMatchObject({ owner: 'leader', token: leader.token, marks: '{}' });
    expect(await log.outbox.number(leader, 10, '{}')).toHaveLength(log.outbox.numbers ? 1 : 0);
  });

  onServer('gives nothing when one that it had seen has vanished, and leaves no gap', async () => {
    for (const id of upTo(5)) await scene.write(id);
    const lease = await lead('me');
    await log.outbox.number(lease, 1, '{}');
    expect(lease.next).toHaveLength(1);
    // As by the kill of a server that had not yet written down what it showed.
    await scene.stranger.query('DELETE FROM event_log WHERE id = ?', [lease.next![0].id]);

    await expect(log.outbox.number(lease, 10, '{"mine":1}')).rejects.toThrow(/Duplicate entry/);
    expect(await log.outbox.lease()).toMatchObject({ assigned: 1, marks: '{}' });

    const again = await lead('me');
    expect(await log.outbox.number(again, 10, '{}')).toHaveLength(3);
    expect((await scene.seen()).events.map(({ position }) => position)).toEqual(upTo(4));
  });

  onServer('gives no position twice when the answer to a COMMIT was lost', async () => {
    for (const id of upTo(4)) await scene.write(id);
    const lease = await lead('me');
    const beforeTheAnswer = { ...lease };
    await log.outbox.number(lease, 2, '{}');

    // The same leader, who does not know that it went well.
    await expect(log.outbox.number(beforeTheAnswer, 10, '{}')).rejects.toThrow(Fenced);
    await log.outbox.number(lease, 10, '{}');
    expect((await scene.seen()).events.map(({ position }) => position)).toEqual(upTo(4));
  });

  onServer('notices positions that nobody gave', async () => {
    await scene.write(1);
    await scene.stranger.query('UPDATE event_log SET position = 7');

    await expect(lead('me')).rejects.toThrow('The log has positions up to 7, but only 0 were ever assigned.');
  });

  onServer('numbers each stream in its order while 16 write and three take the lease from each other', async () => {
    let writing = true;
    const leaders = upTo(3).map(async (number) => {
      while (
        writing ||
        (await log.outbox.number(await lead(`last ${number}`), 100, '{}').catch(() => [1])).length > 0
      ) {
        const lease = await log.outbox.take(await log.outbox.lease(), `leader ${number}`);
        if (!lease) continue;
        for (let turn = 0; turn < 5; turn += 1) {
          const fenced = await log.outbox.number(lease, 20, '{}').then(
            () => false,
            (error: unknown) => {
              expect(error).toBeInstanceOf(Fenced);
              return true;
            },
          );
          if (fenced) break;
        }
      }
    });
    let next = 0;
    await Promise.all(
      upTo(16).map(async () => {
        while (next < 400) {
          next += 1;
          await scene.write(next, 1 + (next % 6));
        }
      }),
    );
    writing = false;
    await Promise.all(leaders);

    const events = await log.history.after(0, 1_000);
    expect(events.map(({ position }) => position)).toEqual(upTo((await scene.seen()).items.length));
    for (const [, own] of Map.groupBy(events, ({ stream }) => stream))
      expect(own.map(({ version }) => version)).toEqual(own.map((_, index) => index + 1));
  });
});
