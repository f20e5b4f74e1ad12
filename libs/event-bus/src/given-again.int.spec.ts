import { files, onBothDatabases } from '@magasin/event-log/testing';
import { ConsumerPipeline } from './consumer-pipeline';
import { record, upTo, user, writesEffects } from './contract/effects';
import { allEvents, caughtUp, effectNames, eventually, Scene } from './contract/scene';
import { databaseHarness, serverHarness } from './drivers/database.harness';
import { TrailEntry } from './trail';

onBothDatabases('ConsumerPipeline that is given the same again before it is done', (databases) => {
  let scene: Scene;
  beforeEach(async () => (scene = await Scene.create(databases === files ? databaseHarness : serverHarness)));
  afterEach(() => scene.end());

  // A member of a Kafka group whose partition goes and comes back gets what it still has in hand. More at once than
  // there are connections: some begin when others have committed.
  it('makes one effect of each event', async () => {
    const shop = await scene.open();
    await record(shop.log, ...upTo(40).map((number) => user(1 + (number % 5), String(number))));
    await shop.bus.start();
    const source = shop.log.identity;
    await eventually(() => caughtUp(shop));
    const events = await allEvents(shop);
    const arrivals = events.map((event) => ({ ...event, source }));
    const pipeline = new ConsumerPipeline(shop.log, writesEffects('mailer'), { source, topic: '', partition: 0 });
    await pipeline.open(async () => 0);

    await Promise.all(
      upTo(40).flatMap((end) => [pipeline.deliver(arrivals.slice(0, end)), pipeline.deliver(arrivals.slice(0, end))]),
    );

    expect(await effectNames(shop, 'mailer')).toEqual(upTo(40).map(String));
    expect(pipeline.position).toBe(40);
    const trail = await shop.log.reading.manager.find(TrailEntry, { order: { to_position: 'ASC' } });
    expect(trail.at(-1)?.to_position).toBe(40);
  });
});
