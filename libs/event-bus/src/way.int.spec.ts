import { UserDeleted } from '@magasin/contracts';
import type { Backbone } from './backbone';
import { record, upTo, user, writesEffects } from './contract/effects';
import { allEvents, caughtUp, effectNames, eventually, parkedOf, Scene } from './contract/scene';
import { databaseHarness } from './drivers/database.harness';
import { on } from './event-bus';
import { TrailEntry } from './trail';
import { type Step, wayOf } from './way';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const TIMES = { started_at: ISO, committed_at: ISO, latency_ms: expect.any(Number) };

describe('wayOf', () => {
  let scene: Scene;
  let shop: Backbone;

  const way = async (position: number): Promise<Step[]> => {
    const event = (await allEvents(shop))[position - 1];
    return wayOf(shop.log, { ...event, source: shop.log.identity });
  };

  beforeEach(async () => {
    scene = await Scene.create(databaseHarness);
    shop = await scene.open();
  });

  afterEach(() => scene.end());

  it('says handled, with its times, for every consumer by name', async () => {
    for (const name of ['second', 'first']) shop.bus.subscribe(writesEffects(name));
    await shop.bus.start();
    await record(shop.log, ...upTo(50).map((number) => user(number)));
    await eventually(() => caughtUp(shop, 'first', 'second'));

    for (const position of [1, 25, 50]) {
      const steps = await way(position);

      expect(steps).toEqual(
        ['first', 'second'].map((consumer) => ({ consumer, state: 'handled', ...TIMES, attempts: [], repairs: [] })),
      );
    }
  });

  it('measures the latency from the recording to the commit', async () => {
    shop.bus.subscribe(writesEffects('first'));
    await shop.bus.start();
    await record(shop.log, user(1));
    await eventually(() => caughtUp(shop, 'first'));

    const [step] = await way(1);

    const [{ occurredAt }] = await allEvents(shop);
    expect(step.latency_ms).toBe(Date.parse(step.committed_at!) - occurredAt);
    expect(step.latency_ms).toBeGreaterThanOrEqual(0);
    expect(Date.parse(step.started_at!)).toBeLessThanOrEqual(Date.parse(step.committed_at!));
  });

  it('says skipped for a type that the consumer does not handle', async () => {
    shop.bus.subscribe(writesEffects('first'));
    await shop.bus.start();
    await record(shop.log, UserDeleted.of({ ...user(1) }), user(1));
    await eventually(() => caughtUp(shop, 'first'));

    expect(await way(1)).toEqual([{ consumer: 'first', state: 'skipped', ...TIMES, attempts: [], repairs: [] }]);
  });

  it('says waiting for what has not come so far', async () => {
    shop.bus.subscribe(writesEffects('first'));
    await shop.bus.start();
    await record(shop.log, user(1));
    await eventually(() => caughtUp(shop, 'first'));
    await shop.bus.stop();
    await record(shop.log, user(1));

    expect(await way(2)).toEqual([{ consumer: 'first', state: 'waiting', attempts: [], repairs: [] }]);
  });

  it('names no consumer that began behind the event', async () => {
    await record(shop.log, user(1));
    shop.bus.subscribe({ ...writesEffects('late'), startAt: 'now' });
    await shop.bus.start();
    await eventually(() => caughtUp(shop, 'late'));
    await record(shop.log, user(1));
    await eventually(() => caughtUp(shop, 'late'));

    expect(await way(1)).toEqual([]);
    expect(await way(2)).toMatchObject([{ consumer: 'late', state: 'handled' }]);
  });

  it('says skipped for a type that the consumer has taken up since, and handled for one that it has given up', async () => {
    shop.bus.subscribe(writesEffects('first'));
    await shop.bus.start();
    await record(shop.log, UserDeleted.of({ ...user(1) }), user(1));
    await eventually(() => caughtUp(shop, 'first'));
    await scene.close(shop);

    shop = await scene.open();
    shop.bus.subscribe({ name: 'first', handlers: [on(UserDeleted, () => Promise.resolve())] });
    await shop.bus.start();
    await record(shop.log, UserDeleted.of({ ...user(1) }), user(1));
    await eventually(() => caughtUp(shop, 'first'));

    const states = await Promise.all(upTo(4).map(async (position) => (await way(position))[0].state));
    expect(states).toEqual(['skipped', 'handled', 'handled', 'skipped']);
  });

  it('knows nobody before a consumer has begun', async () => {
    await record(shop.log, user(1));

    expect(await way(1)).toEqual([]);
  });

  it('says parked with all attempts, and parked without any for the tail behind it', async () => {
    shop.bus.subscribe(
      writesEffects('first', ({ name }) => {
        if (name === 'poison') throw new Error('no cure');
      }),
    );
    await shop.bus.start();
    await record(shop.log, user(1, 'poison'), user(1), user(2));
    await eventually(async () => (await parkedOf(shop, 'first')).attempts.length > 2);
    await shop.bus.stop();

    const [[poisoned], [tail], [other]] = [await way(1), await way(2), await way(3)];

    expect(poisoned).toMatchObject({ consumer: 'first', state: 'parked' });
    expect(poisoned.attempts).toHaveLength((await parkedOf(shop, 'first')).attempts.length);
    expect(poisoned.attempts[0]).toEqual({ at: ISO, error: expect.stringContaining('Error: no cure') });
    expect(tail).toEqual({ consumer: 'first', state: 'parked', attempts: [], repairs: [] });
    expect(other).toMatchObject({ state: 'handled' });
  });

  it('says handled with the attempts, and when it was, after a retry', async () => {
    let left = 4;
    shop.bus.subscribe(
      writesEffects('first', ({ name }) => {
        if (name === 'poison' && left-- > 0) throw new Error('no cure');
      }),
    );
    await shop.bus.start();
    await record(shop.log, user(1, 'poison'), user(1, 'tail'), user(2));
    await eventually(async () => (await effectNames(shop, 'first')).length === 3);

    const [[cured], [tail]] = [await way(1), await way(2)];

    // The first failure was in the batch.
    expect(cured).toEqual({ consumer: 'first', state: 'handled', ...TIMES, attempts: expect.any(Array), repairs: [] });
    expect(cured.attempts).toHaveLength(3);
    expect(tail).toEqual({ consumer: 'first', state: 'handled', ...TIMES, attempts: [], repairs: [] });
    for (const [step, to_position] of [
      [cured, 1],
      [tail, 2],
    ] as const) {
      const entry = await shop.log.reading.manager.findOneByOrFail(TrailEntry, { to_position, retried: true });
      expect(Date.parse(step.committed_at!)).toBe(entry.committed_at);
    }
  });

  it('leaves one row for a batch, not one for an event', async () => {
    await record(shop.log, ...upTo(100).map((number) => user(number)));
    shop.bus.subscribe(writesEffects('first'));
    await shop.bus.start();
    await eventually(() => caughtUp(shop, 'first'));

    // The first batch takes 16; on a slow machine the next ones may be of one event.
    expect(await shop.log.reading.manager.countBy(TrailEntry, { consumer: 'first' })).toBeLessThanOrEqual(1 + 84);
  });
});
