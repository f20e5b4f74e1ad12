import type { JsonSchema } from './event-schemas';

const text = (description: string, more: object = {}): JsonSchema => ({ type: 'string', description, ...more });

/** The headers of a message: a CloudEvent 1.0 in Kafka's binary mode. Every value is text. */
export const CLOUD_EVENT: JsonSchema = {
  type: 'object',
  description: 'CloudEvents 1.0, binary mode: the value of the message is the event, all else is here.',
  required: [
    'ce_specversion',
    'ce_id',
    'ce_type',
    'ce_source',
    'ce_subject',
    'ce_time',
    'content-type',
    'ce_position',
    'ce_version',
    'ce_previousposition',
  ],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: text('The id of the event, the same however often it comes.', { format: 'uuid' }),
    ce_type: text('The type of the event, as in `event` of the payload.'),
    ce_source: text('The identity of the log: another log, of a restored database too, has another one.', {
      format: 'uri',
    }),
    ce_subject: text('The stream, which is the key too.'),
    ce_time: text('When it was recorded, UTC.', { format: 'date-time' }),
    'content-type': { type: 'string', const: 'application/json' },
    ce_position: text('The place in the log, 1 for the first event.', { pattern: String.raw`^[1-9]\d*$` }),
    ce_version: text('The place in the stream, 1 for its first event.', { pattern: String.raw`^[1-9]\d*$` }),
    ce_previousposition: text(
      'The position of the event before it on this topic and partition, 0 when there is none: one that you have not seen was missed.',
      { pattern: String.raw`^(0|[1-9]\d*)$` },
    ),
    ce_schemaversion: text('The version of the fields of its type.', { pattern: String.raw`^[1-9]\d*$` }),
    ce_correlationid: text('The X-Correlation-ID of the request that led to it, when there was one.'),
    traceparent: text('W3C trace context, when the request that led to it had one.', {
      pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}',
    }),
  },
};

/** An example. */
export const headersOf = (type: string, stream: string) => ({
  ce_specversion: '1.0',
  ce_id: '019ab170-a8e3-7e4f-8a5b-6c7d8e9f0a1b',
  ce_type: type,
  ce_source: 'urn:uuid:5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a',
  ce_subject: stream,
  ce_time: '2026-11-23T21:00:41.491Z',
  'content-type': 'application/json',
  ce_position: '42',
  ce_version: '1',
  ce_previousposition: '40',
  ce_schemaversion: '1',
  ce_correlationid: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
});
