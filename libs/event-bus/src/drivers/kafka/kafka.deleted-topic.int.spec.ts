import type { Backbone } from '../../backbone';
import { type OwnBrokers, stranger } from '../../contract/brokers';
import { record, upTo, user, writesEffects } from '../../contract/effects';
import { caughtUp, eventually, expectOneEffectEach, Scene } from '../../contract/scene';
import { ConsumerProgress, HANDED_OVER } from '../../progress';
import { kafkaHarness } from './kafka.harness';
import { needs } from '../../../../../tests/needs';

jest.setTimeout(120_000);

needs('kafka')('A topic that somebody deletes', () => {
  let scene: Scene;
  let shop: Backbone;

  beforeEach(async () => {
    scene = await Scene.create(kafkaHarness);
  });

  afterEach(() => scene.end());

  const start = async (missingEvents: 'stop' | 'log'): Promise<void> => {
    scene.address.kafka = { ...(scene.address.kafka as OwnBrokers), missingEvents };
    shop = await scene.open();
    shop.bus.subscribe(writesEffects('mailer'));
    await shop.bus.start();
    await eventually(() =>
      shop.log.reading.manager.existsBy(ConsumerProgress, { consumer: 'mailer', position: HANDED_OVER }),
    );
  };
  const topics = async (work: (name: string, admin: ReturnType<ReturnType<typeof stranger>['admin']>) => unknown) => {
    const admin = stranger().admin();
    await work(`${(scene.address.kafka as OwnBrokers).topicPrefix}user-events`, admin);
    await admin.disconnect();
  };
  const deleteTopic = () => topics((name, admin) => admin.deleteTopics({ topics: [name] }));
  const recordSome = () => record(shop.log, ...upTo(9).map((id) => user(id)));

  it('is made again, and relay and consumer go on with it', async () => {
    await start('stop');
    await recordSome();
    await eventually(() => caughtUp(shop, 'mailer'));

    await deleteTopic();
    await recordSome();

    await eventually(() => caughtUp(shop, 'mailer'));
    await expectOneEffectEach(shop, 'mailer');
    expect(shop.bus.relay()).toMatchObject({ state: 'leading', waiting: [] });
    await eventually(async () => (await shop.bus.status())[0].state === 'running');
    expect(await shop.bus.status()).toMatchObject([{ position: 18, head: 18, lag_seconds: 0 }]);
  });

  it('loses nothing when it goes in the midst of it all: what nobody had read there is read in the log', async () => {
    await start('log');
    let writing = true;
    const write = async (): Promise<void> => {
      while (writing) await recordSome();
    };
    const deleteNowAndThen = async (): Promise<void> => {
      for (const _ of upTo(3)) {
        const before = shop.bus.counts('mailer').handled;
        await deleteTopic();
        await eventually(() => shop.bus.counts('mailer').handled > before + 100);
      }
      writing = false;
    };
    await Promise.all([write(), deleteNowAndThen()]);
    // A gap is seen when an event comes behind it.
    await recordSome();

    await eventually(() => caughtUp(shop, 'mailer'));
    await expectOneEffectEach(shop, 'mailer');
  });

  it('stops with a name when somebody makes it again with other partitions, and goes on when that is undone', async () => {
    await start('stop');
    await recordSome();
    await eventually(() => caughtUp(shop, 'mailer'));

    await topics(async (topic, admin) => {
      await admin.deleteTopics({ topics: [topic] });
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    });
    await recordSome();

    await eventually(() => shop.bus.relay()?.waiting[0]?.error.includes('has 1 partitions') === true);
    expect(shop.bus.relay()).toMatchObject({ state: 'leading', waiting: [{ topic: 'user-events' }] });
    await deleteTopic();
    await eventually(() => caughtUp(shop, 'mailer'));
    await expectOneEffectEach(shop, 'mailer');
  });
});
