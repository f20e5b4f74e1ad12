import { setTimeout as delay } from 'node:timers/promises';
import { currentTrace, runInTrace } from '@magasin/event-log';
import type { Backbone } from './backbone';
import { ConsumerPipeline } from './consumer-pipeline';
import { effectsOf, record, upTo, user, writesEffects } from './contract/effects';
import { allEvents, effectNames, parkedOf, QUICK, Scene } from './contract/scene';
import { databaseHarness } from './drivers/database.harness';
import type { Arrival, Consumer } from './event-bus';
import { ParkedStream } from './parked';
import { ConsumerProgress } from './progress';
import { TrailEntry } from './trail';

describe('ConsumerPipeline', () => {
  let scene: Scene;
  let shop: Backbone;
  let deliveries: Arrival[];

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
    // What shares a COMMIT is not to depend on how busy the machine is.
    shop = await scene.open({ turnMs: 60_000 });
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

  it('makes one effect of an event that is in a batch twice', async () => {
    const pipeline = await pipelineOf(writesEffects('mailer'));
    const again = deliveries.slice(1, 4);

    await pipeline.deliver([...deliveries.slice(0, 4), ...again, ...deliveries.slice(4)]);

    expect(pipeline.counts).toEqual({ handled: 6, skipped: 0, repeated: 3, parked: 0 });
    expect(await effectNames(shop, 'mailer')).toEqual(upTo(6).map(String));
  });

  it('counts what was handled once when its unit is run again for the failure of another consumer', async () => {
    let runs = 0;
    const lucky = await pipelineOf(writesEffects('mailer', ({ name }) => void (name === '1' && (runs += 1))));
    const unlucky = await pipelineOf(
      writesEffects('reports', ({ name }) => {
        if (name === '6') throw new Error('no cure');
      }),
    );

    // Until both wait for their turn, which they get together.
    const before = shop.log.transaction(() => delay(300));
    await Promise.all([before, lucky.deliver(deliveries), unlucky.deliver(deliveries)]);

    expect(runs).toBe(2);
    expect(lucky.counts).toEqual({ handled: 6, skipped: 0, repeated: 0, parked: 0 });
    expect(unlucky.counts).toEqual({ handled: 5, skipped: 0, repeated: 0, parked: 1 });
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
    for (const pipeline of [unlucky, lucky]) pipeline.retries.nextAt = 1;
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

    expect(right.retries.nextAt).toBe((await parkedOf(shop, 'mailer')).streams[0].next_attempt_at);
  });

  it('says so when a parked event is of a type that the consumer has given up, and keeps it for a person', async () => {
    const before = await pipelineOf(
      writesEffects('mailer', () => {
        throw new Error('no cure');
      }),
    );
    await before.deliver(deliveries.slice(0, 1));
    const after = await pipelineOf({ name: 'mailer', handlers: [] });
    await makeParkedDue();
    after.retries.nextAt = 1;

    await after.retryDue();

    const { streams, events } = await parkedOf(shop, 'mailer');
    expect(streams[0].error).toContain('UserCreated can not be recorded or read: mailer does not handle it any more');
    expect(events).toHaveLength(1);
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

  it('stops at a gap with a named error, has committed what came before it, and goes on when it is filled', async () => {
    const pipeline = await pipelineOf(writesEffects('mailer'));
    const chained = deliveries.map((delivery) => ({ ...delivery, previous: delivery.position - 1 }));
    const [first, second, third, ...rest] = chained;

    await expect(pipeline.deliver([second, first, ...rest])).rejects.toThrow(
      'mailer has taken the events of log ' +
        shop.log.identity +
        ' up to position 2. The next one says that 3 came before',
    );
    await expect(pipeline.deliver(rest)).rejects.toMatchObject({ name: 'EventsMissing' });

    expect((await effectNames(shop, 'mailer')).toSorted()).toEqual(['1', '2']);
    expect(pipeline.position).toBe(2);
    expect(await parkedOf(shop, 'mailer')).toEqual({ streams: [], events: [], attempts: [] });
    await pipeline.deliver([third, ...rest]);
    expect((await effectNames(shop, 'mailer')).toSorted()).toEqual(upTo(6).map(String));
  });

  it('runs each handler in the trace of its event', async () => {
    const trace = { correlation_id: 'c-1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    await runInTrace(trace, () => record(shop.log, user(9, 'traced')));
    const seen: unknown[] = [];
    const pipeline = await pipelineOf(writesEffects('mailer', ({ name }) => seen.push([name, currentTrace()])));

    await pipeline.deliver((await allEvents(shop)).slice(5).map((event) => ({ ...event, source: shop.log.identity })));

    expect(seen).toEqual([
      ['6', undefined],
      ['traced', trace],
    ]);
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
