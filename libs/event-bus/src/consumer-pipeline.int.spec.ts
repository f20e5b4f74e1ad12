import type { Backbone } from './backbone';
import { ConsumerPipeline } from './consumer-pipeline';
import { effectsOf, record, upTo, user, writesEffects } from './contract/effects';
import { allEvents, effectNames, parkedOf, QUICK, Scene } from './contract/scene';
import { databaseHarness } from './drivers/database.harness';
import type { Consumer, Delivery } from './event-bus';
import { ParkedStream } from './parking';
import { ConsumerProgress } from './progress';
import { TrailEntry } from './trail';

describe('ConsumerPipeline', () => {
  let scene: Scene;
  let shop: Backbone;
  let deliveries: Delivery[];

  const pipelineOf = async (consumer: Consumer, retries = QUICK): Promise<ConsumerPipeline> => {
    const lane = { source: shop.log.identity, topic: '', partition: 0 };
    const pipeline = new ConsumerPipeline(shop.log, consumer, lane, retries);
    await pipeline.open(async () => 0);
    return pipeline;
  };
  const makeParkedDue = (): Promise<void> =>
    shop.log.transaction(async ({ rows }) => {
      await rows.update(ParkedStream, { consumer: 'mailer' }, { next_attempt_at: 1 });
    });

  beforeEach(async () => {
    scene = await Scene.create(databaseHarness);
    shop = await scene.open();
    await record(shop.log, ...upTo(6).map((number) => user(1 + (number % 2), String(number))));
    const source = shop.log.identity;
    deliveries = (await allEvents(shop)).map((event) => ({ ...event, source }));
  });

  afterEach(() => scene.end());

  it('drops what was delivered before, counts it, and changes nothing', async () => {
    const pipeline = await pipelineOf(writesEffects('mailer'));
    await pipeline.deliver(deliveries.slice(0, 4));

    await pipeline.deliver(deliveries.slice(0, 4));
    await pipeline.deliver(deliveries.slice(1, 3));

    expect(pipeline.counts).toEqual({ handled: 4, skipped: 0, repeated: 6, parked: 0 });
    expect(pipeline.position).toBe(4);
    expect(await effectNames(shop, 'mailer')).toEqual(['1', '2', '3', '4']);
    expect(await shop.log.reading.manager.countBy(TrailEntry, { consumer: 'mailer' })).toBe(1);
  });

  it('takes the new part of a batch that begins with old events', async () => {
    const pipeline = await pipelineOf(writesEffects('mailer'));
    await pipeline.deliver(deliveries.slice(0, 4));

    await pipeline.deliver(deliveries);

    expect(pipeline.counts).toMatchObject({ handled: 6, repeated: 4 });
    expect(await effectNames(shop, 'mailer')).toEqual(upTo(6).map(String));
  });

  it('never moves the progress back when another process took the batch while events went one by one', async () => {
    let failures = 1;
    const unlucky = await pipelineOf(
      writesEffects('mailer', ({ name }) => {
        if (name === '3' && failures-- > 0) throw new Error('now and then');
      }),
    );
    const other = await pipelineOf(writesEffects('mailer'));

    await Promise.all([unlucky.deliver(deliveries), other.deliver(deliveries)]);

    expect(await effectNames(shop, 'mailer')).toEqual(upTo(6).map(String));
    expect(await shop.log.reading.manager.find(ConsumerProgress)).toMatchObject([{ position: 6 }]);
    expect([unlucky.position, other.position]).toEqual([6, 6]);
  });

  it('has taken all it was given when deliver() resolves, also when another process took a part of it', async () => {
    const slow = await pipelineOf(writesEffects('mailer'));
    const other = await pipelineOf(writesEffects('mailer'));

    await Promise.all([other.deliver(deliveries.slice(0, 3)), slow.deliver(deliveries)]);

    expect(await effectNames(shop, 'mailer')).toEqual(upTo(6).map(String));
    expect(slow.position).toBe(6);
  });

  it('notes no failed try of an event that another process has handled in the meantime', async () => {
    let well = false;
    const mailer = (fails: () => boolean): Consumer =>
      writesEffects('mailer', ({ name }) => {
        if (name === '2' && fails()) throw new Error('no cure');
        // The rest of the tail stays parked.
        if (name === '4') throw new Error('another one');
      });
    const unlucky = await pipelineOf(mailer(() => true));
    const lucky = await pipelineOf(mailer(() => !well));
    await unlucky.deliver(deliveries);
    await makeParkedDue();
    for (const pipeline of [unlucky, lucky]) pipeline.nextRetryAt = 1;
    well = true;

    await Promise.all([unlucky.retryDue(), lucky.retryDue()]);

    const { attempts, streams } = await parkedOf(shop, 'mailer');
    expect(attempts.filter(({ position }) => position === 2)).toHaveLength(2);
    expect(attempts.filter(({ position }) => position === 4).length).toBe(streams[0].attempts);
  });

  it('knows when a stream is due that another process parked', async () => {
    const left = await pipelineOf(
      writesEffects('mailer', ({ name }) => {
        if (name === '2') throw new Error('no cure');
      }),
    );
    const right = await pipelineOf(writesEffects('mailer'));
    await left.deliver(deliveries);

    await right.deliver(deliveries);

    expect(right.nextRetryAt).toBe((await parkedOf(shop, 'mailer')).streams[0].next_attempt_at);
  });

  it('asks the database nothing while no parked stream is due', async () => {
    const statements: string[] = [];
    const counting = await scene.open({ onStatement: (sql) => statements.push(sql) });
    const lane = { source: counting.log.identity, topic: '', partition: 0 };
    const pipeline = new ConsumerPipeline(counting.log, writesEffects('mailer'), lane);
    await pipeline.open(async () => 0);
    const before = statements.length;

    await pipeline.retryDue();

    expect(statements.length).toBe(before);
  });

  it('passes an outage on, and has kept nothing of the batch', async () => {
    const pipeline = await pipelineOf(writesEffects('mailer'));
    await shop.log.close();

    await expect(pipeline.deliver(deliveries)).rejects.toMatchObject({ name: 'LogUnavailable' });

    const later = await scene.open();
    expect(await effectsOf(later.log, 'mailer')).toEqual([]);
    expect(pipeline.position).toBe(0);
  });
});
