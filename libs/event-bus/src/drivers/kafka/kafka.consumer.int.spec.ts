import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { PARTITIONS } from '@magasin/contracts';
import type { Backbone } from '../../backbone';
import { type OwnBrokers, stranger } from '../../contract/brokers';
import { openProcess, record, upTo, user, writesEffects } from '../../contract/effects';
import { caughtUp, effectNames, eventually, expectOneEffectEach, parkedOf, Scene } from '../../contract/scene';
import type { ConsumerStatus } from '../../event-bus';
import { partitionOf } from '../../partition-of';
import { ConsumerProgress, HANDED_OVER } from '../../progress';
import { wayOf } from '../../way';
import { kafkaHarness } from './kafka.harness';
import { needs } from '../../../../../tests/needs';

const run = promisify(execFile);

needs('kafka', 'kcat')('A consumer on Kafka', () => {
  let scene: Scene;
  let shop: Backbone;
  let brokers: OwnBrokers;
  let topic: string;

  const statusOf = async (name: string): Promise<ConsumerStatus> =>
    (await shop.bus.status()).find(({ consumer }) => consumer === name)!;
  const followsTopics = async (name = 'mailer'): Promise<boolean> =>
    (await shop.log.reading.manager.findBy(ConsumerProgress, { consumer: name })).some(
      ({ position }) => position === HANDED_OVER,
    );
  /** What a program knows that speaks Kafka and nothing else. */
  const produce = async (lines: string[], ...more: string[]): Promise<void> => {
    const child = spawn('kcat', ['-b', brokers.brokers[0], '-P', '-t', topic, ...more]);
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    await new Promise((resolve) => child.once('exit', resolve));
  };
  const plain = (id: number, name: string): string =>
    JSON.stringify({ event: 'UserCreated', ...user(id, name), datetime: 'now' });

  beforeEach(async () => {
    scene = await Scene.create(kafkaHarness);
    shop = await scene.open();
    brokers = scene.address.kafka as OwnBrokers;
    topic = `${brokers.topicPrefix}user-events`;
  });

  afterEach(() => scene.end());

  const start = async (consumer = writesEffects('mailer')): Promise<void> => {
    shop.bus.subscribe(consumer);
    await shop.bus.start();
    await eventually(() => followsTopics(consumer.name));
  };

  it('takes what a plain producer tells, once, and parks what nobody can read, in a stream of its own', async () => {
    await start();
    await record(shop.log, user(1, 'ours'));
    await eventually(() => caughtUp(shop, 'mailer'));

    await produce([plain(7, 'theirs'), '{', '[1]', '{"event":"Weather"}', plain(8, 'theirs too')], '-p', '1');
    await record(shop.log, user(1, 'ours again'));

    await eventually(async () => (await effectNames(shop, 'mailer')).length === 4);
    expect((await effectNames(shop, 'mailer')).toSorted()).toEqual(['ours', 'ours again', 'theirs', 'theirs too']);
    const { streams } = await parkedOf(shop, 'mailer');
    expect(streams.map(({ source }) => source)).toEqual(['foreign:user-events/1', 'foreign:user-events/1']);
    expect(shop.bus.counts('mailer')).toMatchObject({ skipped: 1, parked: 2 });
  });

  it.each([
    ['another event at a position that is taken', { position: 1, previous: 0 }],
    ['a position beyond the log', { position: 1_000_000, previous: 0 }],
    ['events that never were', { position: 1_000_000, previous: 999_999 }],
  ])('believes no headers that claim %s: the message is parked, and what comes after it is taken', async (_, claim) => {
    await start();
    await record(shop.log, user(1, 'first'));
    await eventually(() => caughtUp(shop, 'mailer'));
    const partition = partitionOf('user-1', PARTITIONS);
    const headers = {
      ce_specversion: '1.0',
      ce_id: '019ab170-a8e3-7e4f-8a5b-6c7d8e9f0a1b',
      ce_type: 'UserCreated',
      ce_source: `urn:uuid:${shop.log.identity}`,
      ce_subject: 'user-1',
      ce_time: new Date().toISOString(),
      ce_position: String(claim.position),
      ce_version: '1',
      ce_previousposition: String(claim.previous),
    };
    const told = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);

    await produce([`user-1:${plain(1, 'a lie')}`], '-K', ':', '-p', String(partition), ...told);
    await record(shop.log, user(1, 'second'));

    await eventually(async () => (await effectNames(shop, 'mailer')).length === 2);
    expect(await effectNames(shop, 'mailer')).toEqual(['first', 'second']);
    // What claims a place that is behind is dropped like any repetition. What is strange of a batch comes last.
    const parked = claim.position === 1 ? 0 : 1;
    await eventually(async () => (await parkedOf(shop, 'mailer')).streams.length >= parked);
    const { streams } = await parkedOf(shop, 'mailer');
    expect(streams).toHaveLength(parked);
    expect(await statusOf('mailer')).toMatchObject({ state: 'running', position: 2 });
  });

  it('goes over from the log to the topics: each event has its one effect, and its way is known', async () => {
    await record(shop.log, ...upTo(20).map((number) => user(1 + (number % 6))));
    await start();
    await record(shop.log, ...upTo(20).map((number) => user(1 + (number % 6))));

    await eventually(() => caughtUp(shop, 'mailer'));

    await expectOneEffectEach(shop, 'mailer');
    for (const event of await shop.log.history.after(0, 100)) {
      const [step] = await wayOf(shop.log, { ...event, source: shop.log.identity });
      expect(step).toMatchObject({ consumer: 'mailer', state: 'handled', latency_ms: expect.any(Number) });
    }
  });

  describe('whose place the topic has forgotten', () => {
    /** So that it has a gap: taken up to 1, then three events on its partition that are gone, then one more. */
    const forget = async (): Promise<void> => {
      await start();
      await record(shop.log, user(1, 'taken'));
      await eventually(async () => {
        const lanes = await shop.log.reading.manager.findBy(ConsumerProgress, {
          consumer: 'mailer',
          topic: 'user-events',
        });
        return lanes.some(({ position }) => position === 1);
      });
      await scene.close(shop);
      shop = await scene.open();
      // Without the consumer: its relay publishes.
      await shop.bus.start();
      await record(shop.log, user(1, 'lost'), user(1, 'lost too'), user(1, 'lost as well'));
      const partition = partitionOf('user-1', PARTITIONS);
      const admin = stranger().admin();
      const end = async () =>
        (await admin.fetchTopicOffsets(topic)).find((found) => found.partition === partition)!.high;
      await eventually(async () => (await end()) === '4');
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: '4' }] });
      await admin.disconnect();
      await record(shop.log, user(1, 'after'), user(4, 'on another partition'));
    };

    it('stops there with a named error, and goes on with its other partitions', async () => {
      await forget();
      shop.bus.subscribe(writesEffects('mailer'));
      await shop.bus.start();

      await eventually(async () => {
        const { state, error: why } = await statusOf('mailer');
        return state === 'stopped' && why !== undefined;
      });

      const { error, position, lag_seconds } = await statusOf('mailer');
      expect(error).toMatch(/up to position 1\. The next one says that 4 came before it/);
      expect(position).toBeLessThan(5);
      expect(lag_seconds).toBeGreaterThan(0);
      await eventually(async () => (await effectNames(shop, 'mailer', 'user-4')).length === 1);
      expect(await effectNames(shop, 'mailer', 'user-1')).toEqual(['taken']);
    });

    it('reads it in the log where that is asked for', async () => {
      await forget();
      await scene.close(shop);
      scene.address.kafka = { ...brokers, missingEvents: 'log' } as OwnBrokers;
      shop = await scene.open();
      shop.bus.subscribe(writesEffects('mailer'));
      await shop.bus.start();

      await eventually(() => caughtUp(shop, 'mailer'));
      await expectOneEffectEach(shop, 'mailer');
      expect(await effectNames(shop, 'mailer', 'user-1')).toEqual([
        'taken',
        'lost',
        'lost too',
        'lost as well',
        'after',
      ]);
    });
  });

  it('goes on from its own place when the group has come farther than its database', async () => {
    await start();
    await record(shop.log, ...upTo(30).map((number) => user(1 + (number % 9), String(number))));
    await eventually(() => caughtUp(shop, 'mailer'));
    await scene.close(shop);
    shop = await scene.open();
    // As a database does that was restored: progress and effects are those of before.
    await shop.log.transaction(async ({ rows }) => {
      await rows.query(`UPDATE consumer_progress SET position = 0 WHERE consumer = 'mailer' AND topic <> ''`);
      await rows.query('DELETE FROM effect');
      await rows.query('DELETE FROM consumer_trail');
    });

    shop.bus.subscribe(writesEffects('mailer'));
    await shop.bus.start();
    await record(shop.log, ...upTo(9).map((number) => user(number)));

    await eventually(() => caughtUp(shop, 'mailer'));
    await expectOneEffectEach(shop, 'mailer');
  });

  it('is read by kcat as the flat JSON that it is, its stream as the key', async () => {
    await record(shop.log, user(12, 'Ada'));
    await start();
    await eventually(async () => {
      const { stdout } = await run('kcat', ['-b', brokers.brokers[0], '-C', '-t', topic, '-e', '-q', '-f', '%k %s\\n']);
      return /^user-12 \{"event":"UserCreated","id":12,"name":"Ada",.*"datetime":"[^"]+"\}\n$/.test(stdout);
    });
  });

  it('waits for a broker that is not there, says so, goes through the log meanwhile, and stops when it is told', async () => {
    const lonely = await Scene.create(kafkaHarness);
    lonely.address.kafka = { ...brokers, brokers: ['127.0.0.1:1'] };
    const far = await lonely.open();
    await record(far.log, user(1, 'a'));
    far.bus.subscribe(writesEffects('mailer'));
    await far.bus.start();

    await eventually(async () => (await far.bus.status())[0].state === 'paused');

    const [status] = await far.bus.status();
    expect(status.error).toContain('ECONNREFUSED');
    expect(status).toMatchObject({ position: 1, head: 1, lag_seconds: 0 });
    expect(await effectNames(far, 'mailer')).toEqual(['a']);
    await lonely.end();
  });

  it('starts in many processes at once, while one of them makes the topics', async () => {
    const processes = await Promise.all(upTo(8).map(() => openProcess(scene.address)));
    try {
      for (const { bus } of processes) bus.subscribe(writesEffects('mailer'));
      await Promise.all(processes.map(({ bus }) => bus.start()));

      await record(shop.log, ...upTo(9).map((id) => user(id)));
      await eventually(() => caughtUp(shop, 'mailer'));
      await expectOneEffectEach(shop, 'mailer');
    } finally {
      await Promise.all(processes.map(async ({ bus, log }) => bus.stop().then(() => log.close())));
    }
  });

  it('refuses to start where a topic has another number of partitions', async () => {
    const admin = stranger().admin();
    await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS + 1 }] });
    await admin.disconnect();
    shop.bus.subscribe(writesEffects('mailer'));

    await expect(shop.bus.start()).rejects.toThrow(`has ${PARTITIONS + 1} partitions`);
  });
});
