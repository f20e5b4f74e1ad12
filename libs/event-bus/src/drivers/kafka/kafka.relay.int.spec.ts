import type { Backbone } from '../../backbone';
import { type OwnBrokers, stranger } from '../../contract/brokers';
import { build, spawnChild } from '../../contract/children';
import { byStream, effectsOf, openProcess, record, upTo, user, writesEffects } from '../../contract/effects';
import { allEvents, caughtUp, eventually, expectOneEffectEach, Scene } from '../../contract/scene';
import { kafkaServerHarness } from './kafka.harness';
import { needs } from '../../../../../tests/needs';
import { tcpProxy } from '../../../../../tests/tcp-proxy';

jest.setTimeout(120_000);

needs('kafka', 'mariadb')('The relay to Kafka', () => {
  let scene: Scene;
  let shop: Backbone;

  beforeAll(build);
  beforeEach(async () => {
    scene = await Scene.create(kafkaServerHarness);
    shop = await scene.open();
  });

  afterEach(() => scene.end());

  const marks = async ({ log }: Backbone): Promise<Record<string, { position: number }>> =>
    JSON.parse((await log.outbox.lease()).marks) as never;
  const messagesOn = async (topic: string): Promise<number> => {
    const admin = stranger().admin();
    const ends = await admin.fetchTopicOffsets((scene.address.kafka as OwnBrokers).topicPrefix + topic);
    await admin.disconnect();
    return ends.reduce((sum, { offset }) => sum + Number(offset), 0);
  };
  const leads = (): Promise<void> => eventually(() => shop.bus.relay()?.state === 'leading');

  it('publishes what a newer process has recorded, types that it does not know too, in the order of the log', async () => {
    shop.bus.subscribe(writesEffects('mailer'));
    await shop.bus.start();
    await leads();
    const newer = spawnChild('newer.child', scene.address);
    try {
      await eventually(async () => (await effectsOf(shop.log, 'newer')).length >= 40);

      const events = await allEvents(shop);
      expect(events.map(({ type }) => type)).toEqual(upTo(20).flatMap(() => ['UserCreated', 'UserMoved']));
      const effects = await effectsOf(shop.log, 'newer');
      expect(byStream(effects)).toEqual(byStream(events));
      expect(effects.filter(({ name }) => name === 'UserMoved')).toHaveLength(20);
      await eventually(() => caughtUp(shop, 'mailer'));
      expect(shop.bus.counts('mailer')).toMatchObject({ handled: 20, skipped: 20 });
      expect(shop.bus.relay()).toMatchObject({ state: 'leading', waiting: [] });
    } finally {
      newer.kill('SIGKILL');
    }
  });

  it('is led by another process when the leader alone loses the database, and by nobody else when it is back', async () => {
    const proxy = await tcpProxy(new URL(scene.address.url));
    const leader = await openProcess({ ...scene.address, url: proxy.url });
    try {
      await leader.bus.start();
      await eventually(() => leader.bus.relay()?.state === 'leading');
      shop.bus.subscribe(writesEffects('mailer'));
      await shop.bus.start();
      await record(leader.log, ...upTo(9).map((id) => user(id)));
      await eventually(() => caughtUp(shop, 'mailer'));
      // What the leader has published and not yet noted, the next one publishes again.
      await eventually(async () => (await marks(shop))['user-events'].position === 9);
      const before = leader.bus.relay()!.owner;

      proxy.cut();
      await record(shop.log, ...upTo(9).map((id) => user(id)));

      await eventually(() => shop.bus.relay()?.state === 'leading');
      await eventually(() => caughtUp(shop, 'mailer'));
      expect(shop.bus.relay()!.owner).not.toBe(before);
      expect(leader.bus.relay()).toMatchObject({ state: 'following', error: expect.any(String) });

      proxy.mend();
      await eventually(() => leader.bus.relay()!.owner === shop.bus.relay()!.owner);
      for (const turn of upTo(5)) {
        await record(leader.log, ...upTo(9).map((id) => user(id, `${turn}`)));
        await record(shop.log, ...upTo(9).map((id) => user(id, `${turn}`)));
      }
      await eventually(() => caughtUp(shop, 'mailer'));
      await expectOneEffectEach(shop, 'mailer');
      expect(leader.bus.relay()).toMatchObject({ state: 'following', waiting: [] });
      // Two who publish would leave each event there twice.
      expect(await messagesOn('user-events')).toBe(108);
    } finally {
      proxy.mend();
      await leader.bus.stop();
      await leader.log.close();
      await proxy.close();
    }
  });

  it('that died before it noted what it had sent leaves each event there twice, which has one effect', async () => {
    const mailer = writesEffects('mailer');
    shop.bus.subscribe(mailer);
    await shop.bus.start();
    await record(shop.log, user(1));
    await eventually(async () => (await marks(shop))['user-events']?.position === 1);
    await eventually(() => caughtUp(shop, 'mailer'));
    await shop.bus.stop();
    const noted = JSON.stringify(await marks(shop));
    await record(shop.log, ...upTo(20).map((id) => user(1 + (id % 5), String(id))));

    for (const copies of [1, 2]) {
      await shop.log.transaction(({ rows }) => rows.query('UPDATE event_relay SET marks = ?', [noted]));
      const publishes = await openProcess(scene.address);
      await publishes.bus.start();
      await eventually(async () => (await marks(shop))['user-events'].position === 21);
      await publishes.bus.stop();
      await publishes.log.close();
      expect(await messagesOn('user-events')).toBe(1 + copies * 20);
    }
    const next = await openProcess(scene.address);
    next.bus.subscribe(mailer);
    await next.bus.start();
    try {
      await eventually(() => caughtUp(shop, 'mailer'));
      await expectOneEffectEach(shop, 'mailer');
      expect(next.bus.counts('mailer')).toMatchObject({ handled: 20 });
    } finally {
      await next.bus.stop();
      await next.log.close();
    }
  });

  it('keeps the marks of topics that only newer processes know', async () => {
    const later = { position: 7, partitions: { '1': 7 } };
    await shop.log.transaction(async ({ rows }) => {
      await rows.query(`UPDATE event_relay SET marks = ?`, [JSON.stringify({ 'later-events': later })]);
    });

    await shop.bus.start();
    await record(shop.log, user(1));
    await eventually(async () => (await marks(shop))['user-events']?.position === 1);
    await shop.bus.stop();

    expect(await marks(shop)).toMatchObject({ 'later-events': later });
  });
});
