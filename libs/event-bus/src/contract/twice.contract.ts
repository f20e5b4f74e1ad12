import type { Backbone } from '../backbone';
import { retryNow } from '../repair';
import { record, upTo, user, writesEffects } from './effects';
import {
  caughtUp,
  effectNames,
  eventually,
  type EventBusHarness,
  expectOneEffectEach,
  parkedOf,
  QUICK,
  Scene,
} from './scene';

export function twiceContract(harness: EventBusHarness): void {
  describe('the same consumer in two processes', () => {
    let scene: Scene;
    let left: Backbone;
    let right: Backbone;

    beforeEach(async () => {
      scene = await Scene.create(harness);
      left = await scene.open();
      right = await scene.open();
    });

    afterEach(() => scene.end());

    it('makes one effect of each of 2,000 events, in the order of their stream', async () => {
      for (const { bus } of [left, right]) bus.subscribe(writesEffects('mailer'));
      await Promise.all([left.bus.start(), right.bus.start()]);

      for (const turn of upTo(40)) {
        const { log } = turn % 2 === 0 ? left : right;
        await record(log, ...upTo(50).map((number) => user(1 + ((number * turn) % 30))));
      }

      await eventually(() => caughtUp(left, 'mailer'));
      expect(await left.log.history.head()).toBe(2_000);
      await expectOneEffectEach(left, 'mailer');
      const handled = (): number => left.bus.counts('mailer').handled + right.bus.counts('mailer').handled;
      await eventually(() => handled() === 2_000);
    });

    it('makes one effect of each event where some fail now and then, and some streams are parked', async () => {
      let calls = 0;
      const failing = writesEffects('mailer', ({ name }) => {
        calls += 1;
        if (calls % 7 === 0) throw new Error('now and then');
        if (name === 'poison' && calls % 5 !== 0) throw new Error('often');
      });
      for (const { bus } of [left, right]) bus.subscribe(failing);
      await Promise.all([left.bus.start(), right.bus.start()]);

      for (const turn of upTo(10)) {
        const { log } = turn % 2 === 0 ? left : right;
        const poisoned = user(turn, 'poison');
        await record(log, ...upTo(30).map((number) => user(1 + (number % 12))), poisoned, user(turn));
      }

      await eventually(() => caughtUp(left, 'mailer'));
      await eventually(async () => (await parkedOf(left, 'mailer')).streams.length === 0);
      await expectOneEffectEach(left, 'mailer');
    });

    it('goes on with what the other one parked when that one is gone', async () => {
      let sick = true;
      const mailer = writesEffects('mailer', ({ name }) => {
        if (name === 'poison' && sick) throw new Error('no cure');
      });
      for (const { bus } of [left, right]) bus.subscribe(mailer);
      await Promise.all([left.bus.start(), right.bus.start()]);
      await record(left.log, user(1, 'poison'));
      await eventually(async () => (await parkedOf(left, 'mailer')).streams.length === 1);

      const parkedByLeft = left.bus.counts('mailer').parked === 1;
      const [gone, stays] = parkedByLeft ? [left, right] : [right, left];
      await gone.bus.stop();
      sick = false;
      await record(stays.log, user(1, 'a'));

      await eventually(async () => (await effectNames(stays, 'mailer')).length === 2);
      expect(await effectNames(stays, 'mailer')).toEqual(['poison', 'a']);
    });

    it('tries what was made due where the consumer does not run, also while it is never idle', async () => {
      let sick = true;
      const busy = await scene.open({ retries: { ...QUICK, limit: 2 } });
      busy.bus.subscribe(
        writesEffects('mailer', ({ name }) => {
          if (name === 'poison' && sick) throw new Error('no cure');
        }),
      );
      await busy.bus.start();
      await record(busy.log, user(1, 'poison'));
      await eventually(async () => (await parkedOf(busy, 'mailer')).streams[0]?.next_attempt_at === null);
      sick = false;

      const key = { consumer: 'mailer', source: left.log.identity, stream: 'user-1' };
      await left.log.transaction((tx) => retryNow(tx, key));

      await eventually(async () => {
        await record(busy.log, user(2));
        return (await effectNames(busy, 'mailer', 'user-1')).length === 1;
      });
    });
  });
}
