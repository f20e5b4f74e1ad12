import { randomUUID } from 'node:crypto';
import { CLOUD_EVENT } from '@magasin/contracts';
import { traceOf } from '@magasin/event-log';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import type { Outgoing } from '../../publisher';
import { fromMessage, toMessage } from './wire';

const PLACE = { topic: 'user-events', partition: 2 };
const MAX = Number.MAX_SAFE_INTEGER;
const MOMENT = { min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') };

/** An event as the log has it: its metadata is what the log writes. */
const events: fc.Arbitrary<Outgoing> = fc
  .record({
    source: fc.uuid(),
    id: fc.uuid(),
    type: fc.string({ minLength: 1 }),
    stream: fc.string({ minLength: 1, unit: 'grapheme' }),
    version: fc.integer({ min: 1, max: MAX }),
    payload: fc.oneof(fc.json(), fc.string({ unit: 'grapheme' })),
    occurredAt: fc.integer(MOMENT),
    places: fc.tuple(fc.integer({ min: 0, max: MAX - 1 }), fc.integer({ min: 1, max: 1_000 })),
    metadata: fc.record(
      {
        schema_version: fc.integer({ min: 1, max: 1_000 }),
        correlation_id: fc.string({ minLength: 1, maxLength: 128 }),
        traceparent: fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
      },
      { requiredKeys: ['schema_version'] },
    ),
  })
  .map(({ places: [previous, distance], metadata, ...event }) => ({
    ...event,
    previous,
    position: Math.min(MAX, previous + distance),
    partition: PLACE.partition,
    metadata: JSON.stringify(metadata),
  }));

/** As kafkajs reads a message that it has sent. */
const received = (event: Outgoing, more: IHeaders = {}): KafkaMessage => {
  const { key, value, timestamp, headers } = toMessage(event);
  const bytes = Object.entries({ ...headers, ...more }).map(([name, text]) => [
    name,
    text === undefined ? undefined : Buffer.from(text as string),
  ]);
  return {
    key: Buffer.from(key as string),
    value: Buffer.from(value as string),
    headers: Object.fromEntries(bytes) as IHeaders,
    timestamp: timestamp!,
    offset: '7',
    attributes: 0,
  };
};

const [sample] = fc.sample(events, { numRuns: 1, seed: 1 });

describe('An event as a message', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(events, (event) => {
        expect(fromMessage(PLACE, received(event))).toEqual({ ...event, topic: PLACE.topic });
      }),
    );
  });

  it('has the headers that the contracts promise, and the payload to the letter', () => {
    const ajv = new Ajv();
    (addFormats as unknown as typeof addFormats.default)(ajv);
    const keepsPromise = ajv.compile(CLOUD_EVENT);
    fc.assert(
      fc.property(events, (event) => {
        const { headers, key, value } = toMessage(event);
        expect(keepsPromise(headers) || keepsPromise.errors).toBe(true);
        expect(Object.keys(CLOUD_EVENT.properties as object)).toEqual(expect.arrayContaining(Object.keys(headers!)));
        expect([key, value]).toEqual([event.stream, event.payload]);
      }),
    );
  });

  it.each([
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'ce_position',
    'ce_version',
    'ce_previousposition',
  ])('is unreadable when its %s is broken, in a stream of its own', (header) => {
    const arrival = fromMessage(PLACE, received(sample, { [header]: header === 'ce_type' ? '' : 'rubbish' }));

    expect(arrival).toMatchObject({
      ...PLACE,
      source: 'foreign:user-events/2',
      position: 8,
      type: '',
      stream: 'user-events-2-7',
      payload: sample.payload,
    });
    expect(arrival.metadata).toContain(header);
    expect(traceOf(arrival.metadata)).toBeUndefined();
  });

  it.each([
    ['has a longer stream than can be parked', { ce_subject: 'x'.repeat(256) }],
    ['lies about its order', { ce_position: '5', ce_previousposition: '5' }],
    ['counts beyond counting', { ce_position: '9'.repeat(30) }],
    ['counts backwards', { ce_position: '-1' }],
  ])('is unreadable when it %s', (_, headers) => {
    expect(fromMessage(PLACE, received(sample, headers))).toMatchObject({ position: 8, type: '' });
  });

  it('is unreadable without a value', () => {
    const arrival = fromMessage(PLACE, { ...received(sample), value: null });

    expect(arrival).toMatchObject({ type: '', payload: '', metadata: '{"unreadable":["it has no value"]}' });
  });
});

describe('A message from somebody else', () => {
  const plain = (value: string | null, more: Partial<KafkaMessage> = {}): KafkaMessage =>
    ({
      key: null,
      value: value === null ? null : Buffer.from(value),
      timestamp: '1764000000000',
      offset: '7',
      attributes: 0,
      ...more,
    }) as KafkaMessage;

  it('is an event by its value, at the place of its offset', () => {
    expect(fromMessage(PLACE, plain('{"event":"Weather"}', { key: Buffer.from('mtl') }))).toMatchObject({
      ...PLACE,
      source: 'foreign:user-events/2',
      position: 8,
      type: 'Weather',
      stream: 'mtl',
      occurredAt: 1_764_000_000_000,
    });
  });

  it('may be a CloudEvent that is none of ours', () => {
    const headers = { ce_specversion: '1.0', ce_id: randomUUID(), ce_source: '/weather', ce_type: 'com.example.rain' };

    expect(fromMessage(PLACE, plain('{"event":"Weather"}', { headers }))).toMatchObject({ type: 'Weather' });
  });

  it.each([
    ['a tombstone', null],
    ['nothing', ''],
    ['no JSON', '{'],
    ['no object', '[1]'],
  ])('is unreadable when it is %s', (_, value) => {
    expect(fromMessage(PLACE, plain(value))).toMatchObject({ type: '', stream: 'user-events-2-7' });
  });

  it('is read without an error whatever it holds', () => {
    const bytes = fc.uint8Array({ maxLength: 30 }).map((array) => Buffer.from(array));
    const headers = fc.dictionary(
      fc.constantFrom('ce_position', 'ce_id', 'ce_source', 'other'),
      fc.oneof(bytes, fc.array(bytes)),
    );
    fc.assert(
      fc.property(fc.option(bytes), fc.option(bytes), headers, (key, value, some) => {
        const { position, source } = fromMessage(PLACE, plain(null, { key, value, headers: some }));
        expect({ position, source }).toEqual({ position: 8, source: 'foreign:user-events/2' });
      }),
    );
  });
});
