import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { randomUUID } from 'node:crypto';
import { PARTITIONS } from '@magasin/contracts';
import { PartitionsDiffer } from '../../errors';
import type { Outgoing } from '../../publisher';
import { partitionOf } from '../../partition-of';
import { inBatches, KafkaPublisher } from './kafka.publisher';
import { ownBrokers, removeAll, stranger } from '../../contract/brokers';
import { needs } from '../../../../../tests/needs';

const run = promisify(execFile);

const outgoing = (position: number, payload = '{"event":"UserCreated"}'): Outgoing => {
  const stream = `user-${position % 5}`;
  return {
    source: '5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a',
    position,
    previous: position - 1,
    id: randomUUID(),
    type: 'UserCreated',
    stream,
    version: 1,
    payload,
    metadata: '{"schema_version":1}',
    occurredAt: 1_764_000_000_000,
    partition: partitionOf(stream, PARTITIONS),
  };
};
const upTo = (count: number) => Array.from({ length: count }, (_, index) => outgoing(index + 1));

needs('kafka', 'kcat')('KafkaPublisher', () => {
  const options = ownBrokers();
  const topic = `${options.topicPrefix}user-events`;
  let publisher: KafkaPublisher;

  beforeEach(() => {
    publisher = new KafkaPublisher(options);
  });

  afterEach(() => publisher.close());
  afterAll(() => removeAll(options));

  it('makes the topic as the contracts say, also when three begin at once, and puts each event where it belongs', async () => {
    const others = [new KafkaPublisher(options), new KafkaPublisher(options)];
    const counts = await Promise.all([publisher, ...others].map((one) => one.partitionsOf('user-events')));
    for (const other of others) await other.close();

    await publisher.publish('user-events', upTo(1_200));

    expect(counts).toEqual([PARTITIONS, PARTITIONS, PARTITIONS]);
    // Read by somebody else's program.
    const format = '%p %k %h\\n';
    const { stdout } = await run('kcat', ['-b', options.brokers[0], '-C', '-t', topic, '-e', '-q', '-f', format], {
      maxBuffer: 1e8,
    });
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(1_200);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      const there = lines.filter((line) => line.startsWith(`${partition} `));
      const positions = there.map((line) => Number(/ce_position=(\d+)/.exec(line)![1]));
      const expected = upTo(1_200).filter((event) => event.partition === partition);
      expect(positions).toEqual(expected.map(({ position }) => position));
    }
    expect(lines[0]).toContain('ce_source=urn:uuid:5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a');
  });

  it('publishes events of half a megabyte each', async () => {
    const large = JSON.stringify({ event: 'UserCreated', name: 'x'.repeat(512 * 1024 - 40) });

    await publisher.publish('stock-events', [outgoing(1, large), outgoing(2, large), outgoing(3, large)]);

    const admin = stranger().admin();
    const offsets = await admin.fetchTopicOffsets(`${options.topicPrefix}stock-events`);
    await admin.disconnect();
    expect(offsets.reduce((sum, { offset }) => sum + Number(offset), 0)).toBe(3);
  });

  it('refuses a topic with another number of partitions, by name', async () => {
    const admin = stranger().admin();
    await admin.createTopics({ topics: [{ topic: `${options.topicPrefix}order-events`, numPartitions: 4 }] });
    await admin.disconnect();

    await expect(publisher.partitionsOf('order-events')).rejects.toThrow(PartitionsDiffer);
    await expect(publisher.publish('order-events', [outgoing(1)])).rejects.toThrow('has 4 partitions');
  });

  it('waits for a broker that is away, and gives up when it is closed', async () => {
    const lost = new KafkaPublisher({ ...options, brokers: ['127.0.0.1:1'] });
    const waiting = lost.publish('user-events', [outgoing(1)]).catch((error: Error) => error);

    await lost.close();

    expect(await waiting).toBeInstanceOf(Error);
  });
});

describe('inBatches', () => {
  it('keeps the order, and both limits', () => {
    const events = [
      ...upTo(700),
      outgoing(701, 'x'.repeat(600_000)),
      outgoing(702, 'x'.repeat(600_000)),
      outgoing(703),
    ];

    const batches = inBatches(events);

    expect(batches.flat()).toEqual(events);
    expect(batches.map(({ length }) => length)).toEqual([500, 200, 1, 2]);
  });
});
