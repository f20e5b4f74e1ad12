import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { validateSync } from 'class-validator';
import { asyncApi, DomainEvent, EventContract, eventTypes, TOPICS } from '.';

type Json = Record<string, unknown>;
interface Message {
  summary: string;
  headers: Json;
  bindings: { kafka: { key: { examples: string[] } } };
  examples: { headers: Json; payload: Json }[];
}

const document = asyncApi();
const ajv = new Ajv({ strict: false });
(addFormats as unknown as typeof addFormats.default)(ajv);
ajv.addSchema(document, 'document');
const judge = (pointer: string): ValidateFunction => ajv.getSchema(`document#${pointer}`)!;
const messages = document.components.messages as unknown as Record<string, Message>;
const types = eventTypes().map((type) => ({ type, name: type.name, examples: messages[type.name].examples }));

/** What the wrong hands may put into any field. */
const STRANGE = [
  undefined,
  -1,
  0,
  1,
  1.5,
  '',
  'x',
  '5',
  '5.00',
  'x'.repeat(151),
  true,
  {},
  [],
  [{}],
  '\u{1F600}'.repeat(100),
];

describe('The AsyncAPI document', () => {
  it('has a channel for each topic with its messages, and the app that sends them', () => {
    const channels = Object.entries(document.channels).map(([topic, { address, messages: own }]) => {
      const { channel, summary, action } = document.operations[`send-${topic}`];
      expect({ address, channel, action }).toEqual({
        address: topic,
        channel: { $ref: `#/channels/${topic}` },
        action: 'send',
      });
      return [topic, String(summary).split(' ')[0], Object.keys(own as Json).length];
    });

    expect(channels.map(([topic]) => topic).sort()).toEqual(Object.keys(TOPICS).sort());
    expect(channels).toEqual(
      expect.arrayContaining([
        ['user-events', 'store-manager', 2],
        ['product-events', 'store-manager', 2],
        ['stock-events', 'store-manager', 1],
        ['order-events', 'store-manager', 5],
        ['payment-events', 'payments', 3],
      ]),
    );
  });

  it.each(types)('says of $name what happened, and shows it', ({ name, examples, type }) => {
    expect(messages[name].summary).toMatch(/^[A-Z].+\.$/);
    expect(examples.length).toBeGreaterThan(0);
    for (const { headers, payload } of examples) {
      expect([headers.ce_type, payload.event]).toEqual([name, name]);
      expect(headers.ce_subject).toBe(type.stream(Object.assign(new type.eventClass(), payload)));
      expect(messages[name].bindings.kafka.key.examples).toContain(headers.ce_subject);
    }
  });

  it.each(types)('has examples of $name that its schemas accept, and so does the class', ({ name, examples, type }) => {
    const [payloads, headers] = [judge(`/components/schemas/${name}`), judge(`/components/messages/${name}/headers`)];
    for (const example of examples) {
      expect([payloads(example.payload), payloads.errors]).toEqual([true, null]);
      expect([headers(example.headers), headers.errors]).toEqual([true, null]);
      expect(validateSync(Object.assign(new type.eventClass(), example.payload))).toEqual([]);
      // Tolerant readers: what is new is no fault.
      expect(payloads({ ...example.payload, later: 1 })).toBe(true);
      expect(payloads({ ...example.payload, event: 'Other' })).toBe(false);
      expect(headers({ ...example.headers, ce_type: 'Other' })).toBe(false);
    }
  });

  it.each(types)(
    'has a schema of $name that accepts and refuses as the class does, whatever stands in a field',
    ({ name, examples, type }) => {
      const accepts = judge(`/components/schemas/${name}`);
      let refused = 0;
      for (const { payload } of examples) {
        for (const field of Object.keys(payload).filter((key) => key !== 'event')) {
          for (const value of STRANGE) {
            const { event, ...facts } = JSON.parse(JSON.stringify({ ...payload, [field]: value })) as Json;
            const violations = validateSync(Object.assign(new type.eventClass(), facts), { forbidUnknownValues: true });
            expect([field, value, accepts({ event, ...facts })]).toEqual([field, value, violations.length === 0]);
            refused += Number(violations.length > 0);
          }
        }
      }
      expect(refused).toBeGreaterThan(20);
    },
  );

  it('refuses a topic of which nobody has said who publishes on it', () => {
    @EventContract({ topic: 'nobodys-events', schemaVersion: 1, stream: () => 'nobody' })
    class NobodyCame extends DomainEvent {}

    expect(() => asyncApi()).toThrow(`Nobody is known to publish on ${eventTypes().at(-1)!.topic}`);
    expect(eventTypes().at(-1)!.eventClass).toBe(NobodyCame);
  });
});
