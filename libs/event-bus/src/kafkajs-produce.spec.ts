import { encodeProduce, type ProducedMessage } from './kafkajs-produce';

interface Request {
  encode: () => Promise<{ buffer: Buffer }>;
}

// Its own file, so not what this module has put in its place.
const kafkajs = require('kafkajs/src/protocol/requests/produce/v3/request') as (asked: object) => Request;
const { protocol } = require('kafkajs/src/protocol/requests/produce') as {
  protocol: (asked: { version: number }) => (asked: object) => { request: Request };
};
const ours = (request: Parameters<typeof encodeProduce>[0]) =>
  encodeProduce(request) as unknown as Promise<{ buffer: Buffer }>;

const at = (milliseconds: number): string => String(1_764_000_000_000 + milliseconds);
const asked = (messages: ProducedMessage[], more: object = {}) => ({
  acks: -1,
  timeout: 5_000,
  topicData: [{ topic: 'user-events', partitions: [{ partition: 2, firstSequence: 70_000, messages }] }],
  ...more,
});

const event: ProducedMessage = {
  key: 'user:1',
  value: '{"name":"Žofie 李 🎉"}',
  timestamp: at(0),
  headers: { ce_specversion: '1.0', ce_type: 'UserCreated', 'content-type': 'application/json', ce_subject: 'Ünïcode' },
};

describe('A produce request', () => {
  it.each<[string, ReturnType<typeof asked>]>([
    ['an event', asked([event])],
    ['a text as bytes', asked([{ ...event, key: Buffer.from('user:1'), value: Buffer.from('žluťoučký') }])],
    ['a message without key and headers', asked([{ key: null, value: 'x', timestamp: at(0) }])],
    ['a tombstone', asked([{ key: 'user:1', value: null, timestamp: at(0), headers: {} }])],
    ['empty texts', asked([{ key: '', value: '', timestamp: at(0), headers: { empty: '' } }])],
    ['a header that stands there twice', asked([{ ...event, headers: { a: ['1', Buffer.from('2')], b: [] } }])],
    ['more than the buffer had room for', asked([event, { ...event, value: '€'.repeat(300_000) }, event])],
    [
      'lengths around where a number takes one more byte',
      asked([62, 63, 64, 65, 8_190, 8_191, 8_192, 8_193].map((length) => ({ ...event, value: 'x'.repeat(length) }))),
    ],
    [
      'events of many years',
      asked(
        [0, 1, 63, 64, 8_191, 8_192, 2 ** 30, 2 ** 31, 2 ** 32 + 5, 2 ** 38].map((ms) => ({
          ...event,
          timestamp: at(ms),
        })),
      ),
    ],
    ['times that go back', asked([9, 3, 7].map((ms) => ({ ...event, timestamp: at(ms) })))],
    ['a thousand messages', asked(Array.from({ length: 1_000 }, (_, index) => ({ ...event, timestamp: at(index) })))],
    ['a transaction, compressed', asked([event, event], { transactionalId: 'shop', producerEpoch: 3, compression: 1 })],
    [
      'several partitions and topics',
      asked([], {
        topicData: ['a', 'b'].map((topic) => ({
          topic,
          partitions: [0, 1].map((partition) => ({ partition, firstSequence: partition, messages: [event] })),
        })),
      }),
    ],
  ])('is what kafkajs writes, to the byte: %s', async (_what, request) => {
    const theirs = await kafkajs(request).encode();

    expect((await ours(request)).buffer.equals(theirs.buffer)).toBe(true);
  });

  it.each([3, 4, 5, 6, 7])('goes to a broker by it, in version %d', async (version) => {
    // kafkajs would fail of it.
    const request = asked([{ ...event, headers: { nothing: null as never } }]);
    const { request: made } = protocol({ version })(request);

    expect(made).toMatchObject({ apiName: 'Produce', apiVersion: version, apiKey: 0 });
    expect((await made.encode()).buffer.equals((await ours(request)).buffer)).toBe(true);
    await expect(kafkajs(request).encode()).rejects.toThrow('must be of type string');
  });

  it('has the time of sending where a message has none', async () => {
    const before = Date.now();
    const { buffer } = await ours(asked([{ key: 'a', value: 'b' }]));

    // Null id, acks, timeout, one topic by name, one partition with the size of its records; in them the first time.
    const records = 2 + 2 + 4 + 4 + (2 + 'user-events'.length) + 4 + 4 + 4;
    const first = Number(buffer.readBigInt64BE(records + 8 + 4 + 4 + 1 + 4 + 2 + 4));
    expect(first).toBeGreaterThanOrEqual(before);
    expect(first).toBeLessThanOrEqual(Date.now());
  });
});
