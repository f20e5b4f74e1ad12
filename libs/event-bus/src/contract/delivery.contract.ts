import { UserDeleted } from '@magasin/contracts';
import type { Backbone } from '../backbone';
import { ConsumerProgress } from '../progress';
import { record, upTo, user, writesEffects } from './effects';
import {
  allEvents,
  caughtUp,
  effectNames,
  eventually,
  type EventBusHarness,
  expectOneEffectEach,
  Scene,
} from './scene';

const deleted = (stream: number): UserDeleted => UserDeleted.of({ ...user(stream) });

export function deliveryContract(harness: EventBusHarness): void {
  describe('delivery', () => {
    let scene: Scene;
    let shop: Backbone;

    beforeEach(async () => {
      scene = await Scene.create(harness);
      shop = await scene.open();
    });

    afterEach(() => scene.end());

    it('brings 2,000 events of 40 streams to each of three consumers, once, in the order of their stream', async () => {
      const consumers = ['first', 'second', 'third'];
      for (const name of consumers) shop.bus.subscribe(writesEffects(name));
      await shop.bus.start();
      await scene.haveGoneOver(shop, ...consumers);

      for (const turn of upTo(20)) {
        await record(shop.log, ...upTo(100).map((number) => user(1 + ((number * turn) % 40))));
      }

      await eventually(() => caughtUp(shop, ...consumers));
      expect(await shop.log.history.head()).toBe(2_000);
      await expectOneEffectEach(shop, ...consumers);
      for (const name of consumers) {
        await eventually(() => shop.bus.counts(name).handled === 2_000);
        expect(shop.bus.counts(name)).toEqual({ handled: 2_000, skipped: 0, repeated: 0, parked: 0 });
      }
    });

    it('passes over types without a handler, counts them, and moves on', async () => {
      shop.bus.subscribe(writesEffects('first'));
      await shop.bus.start();
      await scene.haveGoneOver(shop, 'first');

      await record(shop.log, deleted(1), user(1, 'one'), deleted(1), deleted(2));
      await record(shop.log, user(2, 'two'));

      await eventually(() => shop.bus.counts('first').handled === 2);
      expect(shop.bus.counts('first')).toEqual({ handled: 2, skipped: 3, repeated: 0, parked: 0 });
      expect(await effectNames(shop, 'first')).toEqual(['one', 'two']);
      expect(await caughtUp(shop, 'first')).toBe(true);
    });

    it('keeps the order of each stream and no other: streams are shuffled', async () => {
      const seen: string[] = [];
      shop.bus.subscribe(writesEffects('first', (_event, { stream }) => seen.push(stream)));
      await record(shop.log, ...upTo(400).map((number) => user(1 + (number % 40))));

      await shop.bus.start();

      await eventually(() => caughtUp(shop, 'first'));
      await expectOneEffectEach(shop, 'first');
      const recorded = (await allEvents(shop)).map(({ stream }) => stream);
      expect(seen).toHaveLength(400);
      expect(seen).not.toEqual(recorded);
    });

    it('says how its consumers are doing', async () => {
      shop.bus.subscribe(writesEffects('first'));
      const [before] = await shop.bus.status();
      await record(shop.log, user(1), user(2));
      await shop.bus.start();
      // What it says of itself is a moment behind what it has committed.
      await eventually(async () => (await shop.bus.status())[0].position === 2);

      const [running] = await shop.bus.status();
      await shop.bus.stop();
      const [stopped] = await shop.bus.status();

      const nothing = { consumer: 'first', parked_streams: 0, parked_events: 0, lag_seconds: 0 };
      expect(before).toMatchObject({ ...nothing, state: 'stopped', position: 0, head: 0 });
      expect(running).toMatchObject({ ...nothing, state: 'running', position: 2, head: 2 });
      expect(Date.now() - running.heartbeat_at).toBeLessThan(10_000);
      expect(stopped).toMatchObject({ ...nothing, state: 'stopped', position: 2 });
    });

    it('starts a consumer that is added later at the beginning', async () => {
      shop.bus.subscribe(writesEffects('first'));
      await shop.bus.start();
      await record(shop.log, ...upTo(50).map((number) => user(1 + (number % 3))));
      await eventually(() => caughtUp(shop, 'first'));

      shop.bus.subscribe(writesEffects('later'));

      await eventually(() => caughtUp(shop, 'later'));
      await expectOneEffectEach(shop, 'first', 'later');
    });

    it('starts a consumer at now, once: what is recorded while it is down reaches it', async () => {
      const fromNow = { ...writesEffects('fresh'), startAt: 'now' as const };
      await record(shop.log, user(1, 'before'), user(2, 'before'));

      shop.bus.subscribe(fromNow);
      await shop.bus.start();
      await eventually(() => shop.log.reading.manager.existsBy(ConsumerProgress, { consumer: 'fresh' }));
      await record(shop.log, user(1, 'after start'));
      await eventually(() => caughtUp(shop, 'fresh'));
      await scene.close(shop);
      const others = await scene.open();
      await record(others.log, user(1, 'while down'), user(2, 'while down'));
      const again = await scene.open();
      again.bus.subscribe(fromNow);
      await again.bus.start();
      await record(again.log, user(2, 'after restart'));

      await eventually(() => caughtUp(again, 'fresh'));
      expect(await effectNames(again, 'fresh')).toEqual(['after start', 'while down', 'while down', 'after restart']);
    });

    it('wakes at every commit: 300 events, each recorded after the effect of the one before', async () => {
      let handled: () => void = () => undefined;
      shop.bus.subscribe(writesEffects('first', () => handled()));
      await shop.bus.start();

      for (const number of upTo(300)) {
        const effect = new Promise<void>((resolve) => (handled = resolve));
        await record(shop.log, user(1, String(number)));
        await effect;
      }

      await eventually(() => caughtUp(shop, 'first'));
      expect(await effectNames(shop, 'first')).toEqual(upTo(300).map(String));
    });

    it('finds what another process recorded', async () => {
      const other = await scene.open();
      shop.bus.subscribe(writesEffects('first'));
      await shop.bus.start();
      await record(shop.log, user(1, 'here'));
      await eventually(() => caughtUp(shop, 'first'));

      await record(other.log, user(1, 'there'));

      await eventually(() => caughtUp(shop, 'first'));
      expect(await effectNames(shop, 'first')).toEqual(['here', 'there']);
    });

    it.each(['', 'First', '1st', 'a b', 'a_b', 'best-sellers@2', 'a'.repeat(65)])('refuses the name "%s"', (name) => {
      expect(() => shop.bus.subscribe(writesEffects(name))).toThrow('can not name a consumer');
    });

    it.each(['a', 'best-sellers-2', 'a'.repeat(64)])('takes the name "%s"', (name) => {
      expect(() => shop.bus.subscribe(writesEffects(name))).not.toThrow();
    });

    it('refuses a second consumer of the same name, before and after the start', async () => {
      shop.bus.subscribe(writesEffects('first'));

      expect(() => shop.bus.subscribe(writesEffects('first'))).toThrow('There is a consumer first already');
      await shop.bus.start();
      expect(() => shop.bus.subscribe(writesEffects('first'))).toThrow('There is a consumer first already');
    });

    it('refuses to count for a consumer that nobody subscribed', () => {
      expect(() => shop.bus.counts('nobody')).toThrow('There is no consumer nobody');
    });
  });
}
