import { files, onBothDatabases } from '@magasin/event-log/testing';
import { ConsumerPipeline } from './consumer-pipeline';
import type { Backbone } from './backbone';
import { writesEffects } from './contract/effects';
import { effectNames, parkedOf, QUICK, Scene } from './contract/scene';
import { databaseHarness, serverHarness } from './drivers/database.harness';
import { foreignArrival, type ForeignMessage } from './foreign';

const facts = { event: 'UserCreated', id: 12, name: 'Ada', email: 'ada@example.com', user_type_id: 1, datetime: 'now' };

const message = (offset: number, value: unknown = facts, key: string | null = null): ForeignMessage => ({
  topic: 'user-events',
  partition: 2,
  offset,
  key,
  value: typeof value === 'string' ? value : JSON.stringify(value),
  timestamp: 1_764_000_000_000,
});

describe('An event from somebody else, without headers', () => {
  it('has its place by its offset and its type and stream by what it says', () => {
    expect(foreignArrival(message(0))).toEqual({
      source: 'foreign:user-events/2',
      position: 1,
      id: 'user-events-2-0',
      type: 'UserCreated',
      stream: 'user-12',
      version: 0,
      payload: JSON.stringify(facts),
      metadata: '{}',
      occurredAt: 1_764_000_000_000,
    });
  });

  it.each([
    ['an unknown type with a key', { event: 'Weather', id: 1 }, 'mtl', { type: 'Weather', stream: 'mtl' }],
    ['an unknown type without a key', { event: 'Weather' }, null, { type: 'Weather', stream: 'user-events-2-7' }],
    [
      'a known type that breaks its schema',
      { ...facts, id: 'x' },
      null,
      { type: 'UserCreated', stream: 'user-events-2-7' },
    ],
    ['no type', { id: 1 }, null, { type: '', stream: 'user-events-2-7' }],
    ['no object', '[1]', 'k', { type: '', stream: 'k' }],
    ['a key of 255 characters', '{', 'k'.repeat(255), { type: '', stream: 'k'.repeat(255) }],
    ['no JSON', '{', null, { type: '', stream: 'user-events-2-7' }],
  ])('is not trusted further than it can be read: %s', (_, value, key, expected) => {
    expect(foreignArrival(message(7, value, key))).toMatchObject(expected);
  });

  it('is in the stream of its key also when that is longer than a stream may be', () => {
    const streamOf = (key: string): string => foreignArrival(message(7, '{', key)).stream;
    // A pair of surrogates is cut in the middle.
    const long = 'k'.repeat(149) + '😀'.repeat(5_000);

    expect(streamOf(long)).toBe(streamOf(long));
    expect(streamOf(long)).not.toBe(streamOf(`${long}😀`));
    expect(streamOf(long).length).toBeLessThanOrEqual(255);
    expect(streamOf(long).isWellFormed()).toBe(true);
  });

  onBothDatabases('at its consumer', (databases) => {
    let scene: Scene;
    let shop: Backbone;
    let pipeline: ConsumerPipeline;

    beforeEach(async () => {
      scene = await Scene.create(databases === files ? databaseHarness : serverHarness);
      shop = await scene.open();
      const lane = { source: 'foreign:user-events/2', topic: 'user-events', partition: 2 };
      pipeline = new ConsumerPipeline(shop.log, writesEffects('mailer'), lane, QUICK);
      await pipeline.open(async () => 0);
    });

    afterEach(() => scene.end());

    it('has one effect, however often it is read', async () => {
      const read = [0, 1].map((offset) => foreignArrival(message(offset)));

      await pipeline.deliver(read);
      await pipeline.deliver(read);

      expect(await effectNames(shop, 'mailer')).toEqual(['Ada', 'Ada']);
      expect(pipeline.counts).toMatchObject({ handled: 2, repeated: 2 });
    });

    it('is parked when nobody can read it, and what comes after it goes on', async () => {
      const values: unknown[] = ['rubbish', { id: 1 }, { ...facts, email: 5 }, { event: 'Weather' }, facts];

      await pipeline.deliver(values.map((value, offset) => foreignArrival(message(offset, value))));

      expect(await effectNames(shop, 'mailer')).toEqual(['Ada']);
      const { events, attempts } = await parkedOf(shop, 'mailer');
      expect(events.map(({ position }) => position)).toEqual([1, 2, 3]);
      expect(attempts.map(({ error }) => error.split('\n')[0])).toEqual(
        expect.arrayContaining([expect.stringContaining('nobody can tell its type'), expect.stringContaining('email')]),
      );
      expect(pipeline.counts).toMatchObject({ handled: 1, skipped: 1, parked: 3 });
    });

    it('is parked, whatever key it has, and what comes after it goes on', async () => {
      const keys = ['k'.repeat(300), '😀'.repeat(10_000), 'k'.repeat(300)];

      await pipeline.deliver([
        ...keys.map((key, offset) => foreignArrival(message(offset, 'rubbish', key))),
        foreignArrival(message(3)),
      ]);

      expect(await effectNames(shop, 'mailer')).toEqual(['Ada']);
      expect((await parkedOf(shop, 'mailer')).streams.map(({ waiting }) => waiting).toSorted()).toEqual([1, 2]);
    });

    it('is parked beside one of the same offset of another partition', async () => {
      const arrivals = [2, 3].map((partition) => foreignArrival({ ...message(0, 'rubbish', 'k'), partition }));

      for (const arrival of arrivals) {
        const { source } = arrival;
        const lane = { source, topic: 'user-events', partition: source.endsWith('3') ? 3 : 2 };
        const other = new ConsumerPipeline(shop.log, writesEffects('mailer'), lane, QUICK);
        await other.open(async () => 0);
        await other.deliver([arrival]);
      }

      expect((await parkedOf(shop, 'mailer')).streams).toHaveLength(2);
    });
  });
});
