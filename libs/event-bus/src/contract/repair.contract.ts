import { setTimeout as delay } from 'node:timers/promises';
import type { Backbone } from '../backbone';
import { ParkedEvent, ParkedStream, type StreamKey } from '../parked';
import { editEvent, retryGroup, retryNow, skipFirst } from '../repair';
import { effectsOf, record, upTo, user, writesEffects } from './effects';
import { caughtUp, effectNames, eventually, type EventBusHarness, parkedOf, QUICK, Scene } from './scene';

const EVENTS_A_SECOND = 1_000;
const SECONDS = 4;

export function repairContract(harness: EventBusHarness): void {
  describe('repair', () => {
    let scene: Scene;
    let shop: Backbone;
    let sick: boolean;

    /** Its retries do not come by themselves within a test. */
    const NEVER = { firstDelayMs: 10_000_000, longestDelayMs: 10_000_000, limit: 3 };
    const mailer = () =>
      writesEffects('mailer', ({ name }) => {
        if (name.startsWith('poison') && sick) throw new Error('no cure');
      });
    const key = (stream: number): StreamKey => ({
      consumer: 'mailer',
      source: shop.log.identity,
      stream: `user-${stream}`,
    });
    const text = (stream: number, name: string): string =>
      JSON.stringify({ event: 'UserCreated', ...user(stream, name), datetime: 'now' });
    const free = async (): Promise<boolean> => (await parkedOf(shop, 'mailer')).streams.length === 0;

    const parkPoison = async (...streams: number[]): Promise<void> => {
      shop.bus.subscribe(mailer());
      await shop.bus.start();
      for (const stream of streams) await record(shop.log, user(stream, 'poison'), user(stream, 'tail'));
      await eventually(() => caughtUp(shop, 'mailer'));
    };

    beforeEach(async () => {
      sick = true;
      scene = await Scene.create(harness);
      shop = await scene.open({ retries: NEVER });
    });

    afterEach(() => scene.end());

    it('tries a stream at once that would wait, and a second click changes nothing', async () => {
      await parkPoison(1);
      sick = false;

      const clicks = await Promise.all(upTo(5).map(() => shop.log.transaction((tx) => retryNow(tx, key(1)))));
      shop.bus.wake();

      expect(clicks.filter(Boolean)).toHaveLength(1);
      await eventually(free);
      expect(await effectNames(shop, 'mailer')).toEqual(['poison', 'tail']);
      expect(await shop.log.transaction((tx) => retryNow(tx, key(1)))).toBe(false);
    });

    it('skips the first event once, and the tail follows', async () => {
      await parkPoison(1);

      const clicks = await Promise.all(upTo(5).map(() => shop.log.transaction((tx) => skipFirst(tx, key(1), 1))));
      shop.bus.wake();

      expect(clicks.filter(Boolean)).toHaveLength(1);
      await eventually(free);
      expect(await effectNames(shop, 'mailer')).toEqual(['tail']);
    });

    it('does not skip an event that is not the first', async () => {
      await parkPoison(1);

      expect(await shop.log.transaction((tx) => skipFirst(tx, key(1), 2))).toBe(false);
      expect(await shop.log.transaction((tx) => skipFirst(tx, key(2), 1))).toBe(false);

      expect((await parkedOf(shop, 'mailer')).events.map(({ position }) => position)).toEqual([1, 2]);
    });

    it.each([
      ['a skip of what is not the first', 'skip'],
      ['an edit of what somebody has edited since', 'edit'],
    ])('changes nothing by %s: what waits for a person waits on, with its tries', async (_, repair) => {
      await parkPoison(1);
      const before = await parkedOf(shop, 'mailer');

      const refused = await shop.log.transaction<boolean | string | undefined>((tx) =>
        repair === 'skip'
          ? skipFirst(tx, key(1), 2)
          : editEvent(tx, key(1), { position: 1, revision: 1 }, text(1, 'first')),
      );

      expect(refused).toBeFalsy();
      expect(await parkedOf(shop, 'mailer')).toEqual(before);
    });

    it('edits for this consumer only, once for each revision, and the log stays as it is', async () => {
      await parkPoison(1);
      const [before] = (await shop.log.history.after(0, 1)).map(({ payload }) => payload);

      const edits = await Promise.all(
        ['first', 'second'].map((name) =>
          shop.log.transaction((tx) => editEvent(tx, key(1), { position: 1, revision: 0 }, text(1, name))),
        ),
      );
      shop.bus.wake();

      expect(edits).toEqual([before, undefined]);
      await eventually(free);
      expect(await effectNames(shop, 'mailer')).toEqual(['first', 'tail']);
      expect((await shop.log.history.after(0, 1))[0].payload).toBe(before);
    });

    it.each([
      ['no JSON', '{', 'JSON'],
      ['another type', text(1, 'x').replace('UserCreated', 'UserDeleted'), 'must be UserCreated'],
      ['another stream', text(2, 'x'), 'would belong to user-2'],
      ['what breaks the schema', text(1, ''), 'name must be longer'],
      ['what is too large', text(1, 'x').replace('now', 'x'.repeat(600_000)), 'bytes'],
    ])('does not take %s for an edit', async (_, payload, reason) => {
      await parkPoison(1);

      const edit = shop.log.transaction((tx) => editEvent(tx, key(1), { position: 1, revision: 0 }, payload));

      await expect(edit).rejects.toThrow(reason);
      expect((await parkedOf(shop, 'mailer')).events[0].revision).toBe(0);
    });

    it('tries a group in steps up to a fixed moment: each stream once, and none that failed since', async () => {
      await parkPoison(...upTo(5));
      const [{ error_key }] = (await parkedOf(shop, 'mailer')).streams;
      const until = Date.now();
      await delay(2);
      await record(shop.log, user(6, 'poison'));
      await eventually(() => caughtUp(shop, 'mailer'));
      const group = { consumer: 'mailer', error_key, until };

      const steps: number[] = [];
      for (let changed = 2; changed === 2;) {
        changed = (await shop.log.transaction((tx) => retryGroup(tx, group, 2))).length;
        steps.push(changed);
        shop.bus.wake();
        // Still poisoned, so each of them fails again.
        await eventually(async () => (await parkedOf(shop, 'mailer')).streams.every((s) => s.attempts !== 0));
      }

      expect(steps).toEqual([2, 2, 1]);
      const { attempts } = await parkedOf(shop, 'mailer');
      const tries = upTo(11).map((position) => attempts.filter((one) => one.position === position).length);
      expect(tries).toEqual([3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 2]);
    });

    it('orphans and reorders nothing where two workers retry, a person edits and skips, and 1,000 events a second come', async () => {
      const left = await scene.open({ retries: QUICK });
      const right = await scene.open({ retries: QUICK });
      let calls = 0;
      const failing = writesEffects('mailer', ({ name }) => {
        calls += 1;
        if (name === 'poison' || (name === 'moody' && calls % 3 !== 0)) throw new Error('no cure');
      });
      for (const { bus } of [left, right]) bus.subscribe(failing);
      await Promise.all([left.bus.start(), right.bus.start()]);

      // One stream gets it all; poison now and then, so that it is parked and freed over and over.
      let recorded = 0;
      let writing = true;
      const write = async (): Promise<void> => {
        const began = Date.now();
        while (recorded < EVENTS_A_SECOND * SECONDS) {
          const wanted = Math.min(EVENTS_A_SECOND * SECONDS, ((Date.now() - began) * EVENTS_A_SECOND) / 1_000);
          const events = upTo(Math.max(0, Math.floor(wanted) - recorded)).map((n) => {
            const number = recorded + n;
            return user(1, number % 400 === 0 ? 'poison' : number % 150 === 0 ? 'moody' : String(number));
          });
          recorded += events.length;
          await record(shop.log, ...events);
          await delay(5);
        }
        writing = false;
      };
      const skipped = new Set<number>();
      const edited = new Set<number>();
      const repair = async (): Promise<void> => {
        const { manager } = shop.log.reading;
        for (;;) {
          const [first] = await manager.find(ParkedEvent, { where: key(1), order: { position: 'ASC' }, take: 1 });
          if (!first && !writing && (await caughtUp(shop, 'mailer'))) return;
          await delay(3);
          if (!first || !first.delivery.includes('poison')) continue;
          const { position, revision } = first;
          if (skipped.size <= edited.size) {
            if (await shop.log.transaction((tx) => skipFirst(tx, key(1), position))) skipped.add(position);
          } else {
            const cure = text(1, `cured ${position}`);
            const done = await shop.log.transaction((tx) => editEvent(tx, key(1), { position, revision }, cure));
            if (done !== undefined) edited.add(position);
          }
        }
      };

      await Promise.all([write(), repair()]);

      const effects = await effectsOf(shop.log, 'mailer');
      const expected = upTo(EVENTS_A_SECOND * SECONDS).filter((version) => !skipped.has(version));
      expect(effects.map(({ version }) => version)).toEqual(expected);
      expect(skipped.size + edited.size).toBe(10);
      expect(skipped.size).toBeGreaterThan(0);
      expect(edited.size).toBeGreaterThan(0);
      expect(effects.filter(({ name }) => name.startsWith('cured')).map(({ version }) => version)).toEqual([...edited]);
      expect(await shop.log.reading.manager.count(ParkedStream)).toBe(0);
      expect(await shop.log.reading.manager.count(ParkedEvent)).toBe(0);
    }, 300_000);
  });
}
