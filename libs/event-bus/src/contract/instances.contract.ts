import { setTimeout as delay } from 'node:timers/promises';
import { UserDeleted } from '@magasin/contracts';
import type { Backbone } from '../backbone';
import { type Consumer, on } from '../event-bus';
import { activeInstance, ConsumerInstance, orderInstance } from '../instance';
import { Effect, record, upTo, user, writesEffects } from './effects';
import { caughtUp, effectNames, eventually, type EventBusHarness, expectOneEffectEach, parkedOf, Scene } from './scene';

export function instancesContract(harness: EventBusHarness): void {
  describe('an instance of a consumer', () => {
    let scene: Scene;
    let shop: Backbone;

    /** It can be rebuilt: its effects stand under the name of the instance. */
    const sellers = (name = 'sellers', before?: Parameters<typeof writesEffects>[1]): Consumer => ({
      ...writesEffects(name, before),
      discard: async (tx, instance) => {
        const found = await tx.rows.find(Effect, { where: { consumer: instance }, take: 30 });
        for (const { id } of found) await tx.rows.delete(Effect, { id });
        return found.length < 30;
      },
    });
    const active = (): Promise<string> => activeInstance(shop.log.reading.manager, 'sellers');
    const order = (what: Parameters<typeof orderInstance>[1], backbone = shop): Promise<string | undefined> =>
      backbone.log.transaction((tx) => orderInstance(tx, what));
    const stateOf = async (instance: string): Promise<string | undefined> =>
      (await shop.log.reading.manager.findOneBy(ConsumerInstance, { instance }))?.state;
    const recordHundred = (): Promise<void> =>
      record(shop.log, ...upTo(100).map((number) => user(1 + (number % 7), String(number))));

    beforeEach(async () => {
      scene = await Scene.create(harness);
      shop = await scene.open();
    });

    afterEach(() => scene.end());

    it('is built beside the live one, which goes on, swapped in when it has caught up, and the old effects go', async () => {
      shop.bus.subscribe(sellers());
      await shop.bus.start();
      await recordHundred();
      await eventually(() => caughtUp(shop, 'sellers'));
      expect(await active()).toBe('sellers');

      expect(await order({ consumer: 'sellers', purpose: 'rebuild' })).toBe('sellers@2');
      shop.bus.wake();
      await recordHundred();

      await eventually(async () => (await stateOf('sellers')) === 'discarded');
      expect(await active()).toBe('sellers@2');
      expect(await effectNames(shop, 'sellers')).toEqual([]);
      await eventually(() => caughtUp(shop, 'sellers@2'));
      await expectOneEffectEach(shop, 'sellers@2');
      await record(shop.log, user(1, 'after'));
      await eventually(() => caughtUp(shop, 'sellers@2'));
      expect((await effectNames(shop, 'sellers@2')).at(-1)).toBe('after');
    });

    it('stays the live one after a restart, and can be rebuilt again', async () => {
      shop.bus.subscribe(sellers());
      await shop.bus.start();
      await recordHundred();
      await order({ consumer: 'sellers', purpose: 'rebuild' });
      shop.bus.wake();
      await eventually(async () => (await stateOf('sellers')) === 'discarded');
      await scene.close(shop);

      shop = await scene.open();
      shop.bus.subscribe(sellers());
      await shop.bus.start();
      await recordHundred();
      await eventually(() => caughtUp(shop, 'sellers@2'));
      expect(await order({ consumer: 'sellers', purpose: 'rebuild' })).toBe('sellers@3');
      shop.bus.wake();

      await eventually(async () => (await stateOf('sellers@2')) === 'discarded');
      expect(await active()).toBe('sellers@3');
      expect(await effectNames(shop, 'sellers@2')).toEqual([]);
      await expectOneEffectEach(shop, 'sellers@3');
    });

    it('goes on where it was when the process that built it has gone', async () => {
      let calls = 0;
      let gone: Promise<void> | undefined;
      await recordHundred();
      await order({ consumer: 'sellers', purpose: 'rebuild' });
      shop.bus.subscribe(
        sellers('sellers', () => {
          calls += 1;
          if (calls === 150) gone = shop.bus.stop();
        }),
      );
      await recordHundred();
      await shop.bus.start();
      await eventually(() => gone !== undefined);
      await gone;

      const next = await scene.open();
      next.bus.subscribe(sellers());
      await next.bus.start();

      await eventually(async () => (await active()) === 'sellers@2');
      await eventually(() => caughtUp(next, 'sellers@2'));
      await expectOneEffectEach(next, 'sellers@2');
    });

    it('replays a part of the log, of the types asked for, beside the live one, and ends', async () => {
      const both: Consumer = {
        ...writesEffects('mailer'),
        handlers: [
          ...writesEffects('mailer').handlers,
          on(UserDeleted, async (_, tx, { consumer, stream, version }) => {
            await tx.rows.insert(Effect, { consumer, stream, version, name: 'gone' });
          }),
        ],
      };
      shop.bus.subscribe(both);
      await shop.bus.start();
      for (const number of upTo(20)) await record(shop.log, user(number, String(number)), UserDeleted.of(user(number)));
      await eventually(() => caughtUp(shop, 'mailer'));

      const range = { from_position: 11, to_position: 30, types: JSON.stringify(['UserCreated']) };
      expect(await order({ consumer: 'mailer', purpose: 'replay', ...range })).toBe('mailer@replay-1');
      expect(await order({ consumer: 'mailer', purpose: 'replay', ...range })).toBeUndefined();
      shop.bus.wake();

      await eventually(async () => (await stateOf('mailer@replay-1')) === 'done');
      const replayed = await effectNames(shop, 'mailer@replay-1');
      expect(replayed.toSorted((a, b) => Number(a) - Number(b))).toEqual(upTo(10).map((number) => String(number + 5)));
      expect(await effectNames(shop, 'mailer')).toHaveLength(40);
      await record(shop.log, user(21, '21'));
      await eventually(() => caughtUp(shop, 'mailer'));
      expect(await effectNames(shop, 'mailer@replay-1')).toHaveLength(10);
      expect(await order({ consumer: 'mailer', purpose: 'replay', ...range })).toBe('mailer@replay-2');
    });

    it('is not behind while it is built: nothing that it has not taken waits for it', async () => {
      let going: () => void = () => undefined;
      let held: () => void = () => undefined;
      const free = new Promise<void>((resolve) => (going = resolve));
      const holds = new Promise<void>((resolve) => (held = resolve));
      await record(shop.log, user(1));
      await shop.log.transaction(({ rows }) => rows.query('UPDATE event_log SET occurred_at = occurred_at - 3600000'));
      const waits = sellers('sellers', (_, { consumer }) => {
        if (consumer !== 'sellers@2') return undefined;
        held();
        return free;
      });
      shop.bus.subscribe(waits);
      await shop.bus.start();
      await eventually(() => caughtUp(shop, 'sellers'));
      await order({ consumer: 'sellers', purpose: 'rebuild' });
      shop.bus.wake();

      await holds;
      const during = await shop.bus.status();
      going();

      expect(during.map(({ consumer, lag_seconds }) => [consumer, lag_seconds])).toEqual([
        ['sellers', 0],
        ['sellers@2', 0],
      ]);
      await eventually(async () => (await active()) === 'sellers@2');
    });

    it('keeps the moment at which it was ordered when it is replaced', async () => {
      shop.bus.subscribe(sellers());
      await shop.bus.start();
      const created = async (): Promise<number | undefined> =>
        (await shop.log.reading.manager.findOneBy(ConsumerInstance, { instance: 'sellers@2' }))?.created_at;
      await order({ consumer: 'sellers', purpose: 'rebuild' });
      shop.bus.wake();
      await eventually(async () => (await active()) === 'sellers@2');
      const before = await created();
      await delay(2);

      await order({ consumer: 'sellers', purpose: 'rebuild' });
      shop.bus.wake();

      await eventually(async () => (await active()) === 'sellers@3');
      expect(await created()).toBe(before);
    });

    it.each([
      ['fails', () => Promise.reject(new Error('no way'))],
      ['takes long', () => Promise.resolve(false)],
    ])('is built and removed also while the removal of another one %s', async (_, discard) => {
      let stuck = true;
      const other = sellers('another');
      shop.bus.subscribe(sellers());
      shop.bus.subscribe({ ...other, discard: (tx, name) => (stuck ? discard() : other.discard!(tx, name)) });
      await shop.bus.start();
      await recordHundred();
      await order({ consumer: 'another', purpose: 'rebuild' });
      shop.bus.wake();
      await eventually(async () => (await stateOf('another')) === 'replaced');

      await order({ consumer: 'sellers', purpose: 'rebuild' });
      shop.bus.wake();

      await eventually(async () => (await stateOf('sellers')) === 'discarded');
      expect(await effectNames(shop, 'sellers')).toEqual([]);
      expect(await stateOf('another')).toBe('replaced');
      stuck = false;
      await eventually(async () => (await stateOf('another')) === 'discarded');
    });

    it('parks for itself, and a replay is not over while something of it is parked', async () => {
      let sick = false;
      shop.bus.subscribe(
        writesEffects('mailer', ({ name }) => {
          if (name === '5' && sick) throw new Error('no cure');
        }),
      );
      await shop.bus.start();
      await record(shop.log, ...upTo(10).map((number) => user(number, String(number))));
      await eventually(() => caughtUp(shop, 'mailer'));
      sick = true;

      await order({ consumer: 'mailer', purpose: 'replay', from_position: 1, to_position: 10 });
      shop.bus.wake();

      await eventually(async () => (await parkedOf(shop, 'mailer@replay-1')).attempts.length > 3);
      expect(await stateOf('mailer@replay-1')).toBe('running');
      expect((await parkedOf(shop, 'mailer')).streams).toEqual([]);
      sick = false;
      await eventually(async () => (await stateOf('mailer@replay-1')) === 'done');
      expect(await effectNames(shop, 'mailer@replay-1')).toHaveLength(10);
    });
  });
}
