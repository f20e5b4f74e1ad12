import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Backbone } from '../backbone';
import { Unavailable } from '../event-bus';
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

/** A consumer with nothing to do rests for so long. In milliseconds. */
const REST_MS = 5_000;

const NOTHING_PARKED = { streams: [], events: [], attempts: [] };

export function lifecycleContract(harness: EventBusHarness): void {
  let scene: Scene;
  let shop: Backbone;

  const opened = async (): Promise<void> => {
    scene = await Scene.create(harness);
    shop = await scene.open();
  };
  const ended = (): Promise<void> => scene.end();

  describe('an outage', () => {
    beforeEach(opened);
    afterEach(ended);

    it('pauses the consumer, parks nothing, and is over by itself', async () => {
      let away = true;
      let calls = 0;
      shop.bus.subscribe(
        writesEffects('mailer', ({ name }) => {
          calls += 1;
          if (name === '5' && away) throw new Unavailable('the mail server');
        }),
      );
      shop.bus.subscribe(writesEffects('other'));
      await shop.bus.start();

      // One stream: others may go on, where they come by another way.
      await record(shop.log, ...upTo(8).map((number) => user(1, String(number))));
      await eventually(() => calls > 10);
      await record(shop.log, user(1, '9'));
      await eventually(() => caughtUp(shop, 'other'));
      const meanwhile = await effectNames(shop, 'mailer');
      away = false;

      await eventually(() => caughtUp(shop, 'mailer'));
      expect(meanwhile).toEqual(upTo(4).map(String).slice(0, meanwhile.length));
      await expectOneEffectEach(shop, 'mailer');
      expect(await parkedOf(shop, 'mailer')).toEqual(NOTHING_PARKED);
    });

    it('is no attempt of a parked event', async () => {
      let mood: 'poison' | 'away' | 'well' = 'poison';
      let calls = 0;
      shop.bus.subscribe(
        writesEffects('mailer', () => {
          calls += 1;
          if (mood === 'poison') throw new Error('poison');
          if (mood === 'away') throw new Unavailable('the mail server');
        }),
      );
      await shop.bus.start();
      await record(shop.log, user(1, 'a'));
      await eventually(async () => (await parkedOf(shop, 'mailer')).attempts.length > 2);

      mood = 'away';
      const [failed, called] = [(await parkedOf(shop, 'mailer')).attempts.length, calls];
      await eventually(() => calls > called + 1);
      const { attempts, streams } = await parkedOf(shop, 'mailer');
      mood = 'well';

      await eventually(async () => (await effectNames(shop, 'mailer')).length === 1);
      expect(streams).toHaveLength(1);
      expect(attempts.length - failed).toBeLessThanOrEqual(1);
    });

    it('is over for those who look as soon as it is, also when nothing comes after it', async () => {
      let mood: 'poison' | 'away' | 'well' = 'poison';
      shop.bus.subscribe(
        writesEffects('mailer', () => {
          if (mood === 'poison') throw new Error('poison');
          if (mood === 'away') throw new Unavailable('the mail server');
        }),
      );
      const stateOf = async () => (await shop.bus.status())[0];
      await shop.bus.start();
      await scene.haveGoneOver(shop, 'mailer');
      await record(shop.log, user(1, 'a'));
      await eventually(async () => (await parkedOf(shop, 'mailer')).streams.length === 1);
      mood = 'away';
      await eventually(async () => (await stateOf()).state === 'paused');

      mood = 'well';
      await eventually(async () => (await effectNames(shop, 'mailer')).length === 1);

      // It rests now. The next sign of life comes when it has rested; over Kafka the broker is heard of meanwhile, too.
      const { heartbeat_at } = await stateOf();
      const early = scene.overKafka ? REST_MS * 0.8 : 0;
      let seen = await stateOf();
      await eventually(async () => {
        seen = await stateOf();
        return seen.state === 'running' || seen.heartbeat_at - heartbeat_at > early;
      });
      expect(seen.state).toBe('running');
      expect(seen.heartbeat_at - heartbeat_at).toBeLessThanOrEqual(early);
      expect(seen.error).toBeUndefined();
    });

    it('does not keep stop() waiting, and loses nothing', async () => {
      let paused: () => void = () => undefined;
      const pause = new Promise<void>((resolve) => (paused = resolve));
      shop.bus.subscribe(
        writesEffects('mailer', () => {
          paused();
          throw new Unavailable('for hours');
        }),
      );
      await shop.bus.start();
      await record(shop.log, user(1, 'a'));
      await pause;

      await scene.close(shop);

      const again = await scene.open();
      again.bus.subscribe(writesEffects('mailer'));
      await again.bus.start();
      await eventually(() => caughtUp(again, 'mailer'));
      await expectOneEffectEach(again, 'mailer');
    });
  });

  describe('stop()', () => {
    beforeEach(opened);
    afterEach(ended);

    it('ends and commits the batch in hand; no handler runs after it, and the next start goes on from there', async () => {
      let calls = 0;
      let stopped: Promise<void> | undefined;
      shop.bus.subscribe(
        writesEffects('mailer', async () => {
          calls += 1;
          if (calls === 20) stopped = shop.bus.stop();
          await nextTurn();
        }),
      );
      await record(shop.log, ...upTo(600).map((number) => user(number % 9 || 9, String(number))));
      await shop.bus.start();
      await eventually(() => stopped !== undefined);
      await stopped;

      const atStop = calls;
      expect(await effectNames(shop, 'mailer')).toHaveLength(atStop);
      expect(atStop).toBeLessThan(600);
      const again = await scene.open();
      again.bus.subscribe(writesEffects('mailer'));
      await record(shop.log, user(1, '601'));
      await again.bus.start();
      await eventually(() => caughtUp(again, 'mailer'));
      expect(calls).toBe(atStop);
      await expectOneEffectEach(again, 'mailer');
    });

    it('can be followed by start() on the same bus', async () => {
      shop.bus.subscribe(writesEffects('mailer'));
      await shop.bus.start();
      await record(shop.log, user(1, 'a'));
      await eventually(() => caughtUp(shop, 'mailer'));
      await shop.bus.stop();
      await record(shop.log, user(1, 'b'));

      await shop.bus.start();

      await eventually(() => caughtUp(shop, 'mailer'));
      await record(shop.log, user(1, 'c'));
      await eventually(() => caughtUp(shop, 'mailer'));
      expect(await effectNames(shop, 'mailer')).toEqual(['a', 'b', 'c']);
    });

    it('does not wait for the tail of a parked stream to be worked off', async () => {
      let sick = true;
      let stopped: Promise<void> | undefined;
      const mailer = writesEffects('mailer', ({ name }) => {
        if (name !== 'poison') return;
        if (sick) throw new Error('no cure');
        stopped = shop.bus.stop();
      });
      shop.bus.subscribe(mailer);
      await shop.bus.start();
      await record(shop.log, user(1, 'poison'), ...upTo(400).map((number) => user(1, String(number))));
      await eventually(() => caughtUp(shop, 'mailer'));

      sick = false;
      await eventually(() => stopped !== undefined);
      await stopped;

      const atStop = await effectNames(shop, 'mailer');
      expect(atStop.length).toBeLessThan(400);
      const again = await scene.open();
      again.bus.subscribe(writesEffects('mailer'));
      await again.bus.start();
      await eventually(async () => (await parkedOf(again, 'mailer')).streams.length === 0);
      expect(await effectNames(again, 'mailer')).toEqual(['poison', ...upTo(400).map(String)]);
    });
  });

  describe('with nothing to do', () => {
    beforeEach(opened);
    afterEach(ended);

    it('the bus makes next to no statements, three consumers and a dead letter included', async () => {
      const { idleStatements = 1 } = harness;
      let statements = 0;
      const idle = await scene.open({ retries: { ...QUICK, limit: 3 }, onStatement: () => (statements += 1) });
      idle.bus.subscribe(writesEffects('first'));
      idle.bus.subscribe(writesEffects('second'));
      idle.bus.subscribe(
        writesEffects('third', () => {
          throw new Error('no cure');
        }),
      );
      await idle.bus.start();
      await record(idle.log, user(1), user(1));
      await eventually(() => caughtUp(idle, 'first', 'second', 'third'));
      await eventually(async () => (await parkedOf(idle, 'third')).streams[0]?.next_attempt_at === null);

      // A bus may bring once more what the consumers have taken before it has nothing to do.
      await eventually(async () => {
        const until = statements;
        await delay(1_000);
        return statements < until + idleStatements;
      });

      const seconds = 6;
      const before = statements;
      await delay(seconds * 1_000);

      expect(statements - before).toBeLessThan(seconds * idleStatements);
    });
  });
}
