import * as fc from 'fast-check';
import { type EventLine, fromLine, toLine } from './history-line';

const SOURCE = '5f1f2f3e-0000-4000-8000-000000000001';
const event = {
  position: 7,
  id: '01a20b55-3f91-7d02-adc7-68a0031b78a3',
  type: 'UserCreated',
  stream: 'user-6',
  version: 1,
  payload: '{"event":"UserCreated","id":6,"name":"Zoë \\"😀\\""}',
  metadata: '{"schema_version":1,"correlation_id":"c-1"}',
  occurredAt: Date.UTC(2026, 10, 23, 16, 0, 41, 491),
};

describe('The line of an event', () => {
  it('is one JSON object with all that a consumer needs', () => {
    const line = toLine(SOURCE, event);

    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      position: 7,
      id: event.id,
      source: SOURCE,
      type: 'UserCreated',
      stream: 'user-6',
      version: 1,
      recorded_at: '2026-11-23T16:00:41.491Z',
      metadata: { schema_version: 1, correlation_id: 'c-1' },
      data: { event: 'UserCreated', id: 6, name: 'Zoë "😀"' },
    });
  });

  it('carries the payload to the letter, as its last member', () => {
    const payload = '{ "price": 1.50, "big": 12345678901234567890, "a": "\\u00e9", "a": 1e2 }';

    const line = toLine(SOURCE, { ...event, payload });

    expect(line.endsWith(`,"data":${payload}}`)).toBe(true);
    expect(fromLine(line).payload).toBe(payload);
  });

  it('is read back as the event that it was, whatever is in it', () => {
    // Names and texts that look like the members around them.
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('data', 'metadata', ',"data":', '"}', '{"data":1}', '\\', '\n'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.constant(null), tie('object')),
      object: fc.dictionary(text, tie('value'), { maxKeys: 3 }),
    }));
    const json = fc.dictionary(text, value, { maxKeys: 4 }).map((members) => JSON.stringify(members));

    fc.assert(
      fc.property(fc.oneof(json, text), json, text, text, (payload, metadata, type, stream) => {
        const one = { ...event, payload, metadata, type, stream };
        expect(fromLine(toLine(SOURCE, one))).toEqual({ ...one, source: SOURCE });
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['', 'no JSON', '"text"', '7', 'null', '[1]', '{"half":', '{\n"a": 1\n}', ' {}'])(
    'is JSON also when the payload is %j, and gives it back',
    (payload) => {
      const line = toLine(SOURCE, { ...event, payload });

      expect(line).not.toContain('\n');
      expect(JSON.parse(line)).toMatchObject({ data: payload });
      expect(fromLine(line).payload).toBe(payload);
    },
  );

  it('is not taken for whole when it was cut off, wherever', () => {
    const line = toLine(SOURCE, event);

    for (let length = 0; length < line.length; length++) {
      expect(() => fromLine(line.slice(0, length))).toThrow(SyntaxError);
    }
  });

  it.each(['{}', '[]', '7', '{"position":1}', '{"data":{}}', '{"metadata":{},"payload":{}}'])('is not %s', (line) => {
    expect(() => fromLine(line)).toThrow(SyntaxError);
  });

  it('names its members in the order of the type', () => {
    const members: (keyof EventLine)[] = [
      'position',
      'id',
      'source',
      'type',
      'stream',
      'version',
      'recorded_at',
      'metadata',
      'data',
    ];

    expect(Object.keys(JSON.parse(toLine(SOURCE, event)) as object)).toEqual(members);
  });
});
