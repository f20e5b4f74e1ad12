import { type EventType, eventTypes } from './domain-event';
import { CLOUD_EVENT, headersOf } from './cloud-event';
import { type JsonSchema, schemasOf } from './event-schemas';
import { samplesOf } from './samples';
import { PARTITIONS, TOPIC_CONFIGURATION, TOPICS } from './topics';

/** An AsyncAPI 3 document, as plain JSON. */
export interface AsyncApi {
  asyncapi: string;
  info: Record<string, unknown>;
  defaultContentType: string;
  channels: Record<string, Record<string, unknown>>;
  operations: Record<string, Record<string, unknown>>;
  components: { messages: Record<string, Record<string, unknown>>; schemas: Record<string, JsonSchema> };
}

const BINDING = { bindingVersion: '0.5.0' };

const ABOUT = `What happens in the shop, told to whoever wants to know.

A shop with \`EVENT_BUS=kafka\` publishes them on the topics that are described here; no server is named, for each shop has its
own. By default the bus is the database, and no broker carries them. The same payloads are read over HTTP, also the oldest: \`GET /events\` of the store has each of them as \`data\`, in
pages or, with \`Accept: application/x-ndjson\`, all of them a line each.

- Order is promised within a stream, \`user-6\`, and nowhere else. The key of a message is its stream.
- An event may come more than once: drop one whose \`ce_id\` you have handled.
- A topic forgets. The past is in \`GET /events\`.
- Fields may be added, and types: ignore what you do not know. None is renamed, removed or narrowed.

Who takes an event is not said here, for anyone may. \`GET /events/{id}\` tells it of a running shop.`;

/** The contracts as an AsyncAPI document: a channel for each topic, a message for each type of event. */
export function asyncApi(): AsyncApi {
  const types = eventTypes();
  const topics = [...new Set(types.map(({ topic }) => topic))];
  return {
    asyncapi: '3.0.0',
    info: { title: 'magasin', version: '1', description: ABOUT, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [topic, channelOf(topic, types)])),
    operations: Object.fromEntries(topics.map((topic) => [`send-${topic}`, operationOf(topic, types)])),
    components: {
      messages: Object.fromEntries(types.map((type) => [type.name, messageOf(type)])),
      schemas: { CloudEvent: CLOUD_EVENT, ...schemasOf(types) },
    },
  };
}

function channelOf(topic: string, types: EventType[]) {
  const published = types.filter((type) => type.topic === topic);
  return {
    address: topic,
    description: topicOf(topic).about,
    messages: Object.fromEntries(published.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: { kafka: { topic, partitions: PARTITIONS, topicConfiguration: TOPIC_CONFIGURATION, ...BINDING } },
  };
}

function operationOf(topic: string, types: EventType[]) {
  const published = types.filter((type) => type.topic === topic);
  const channel = `#/channels/${topic}`;
  return {
    action: 'send',
    summary: `${topicOf(topic).app} tells it when it is committed.`,
    channel: { $ref: channel },
    messages: published.map(({ name }) => ({ $ref: `${channel}/messages/${name}` })),
  };
}

function messageOf(type: EventType) {
  const { name, summary, schemaVersion, eventClass } = type;
  const examples = samplesOf(eventClass).map((sample) => {
    const { datetime, ...facts } = sample;
    return { headers: headersOf(name, type.stream(sample)), payload: { event: name, ...facts, datetime } };
  });
  const key = {
    type: 'string',
    description: 'The stream.',
    examples: examples.map(({ headers }) => headers.ce_subject),
  };
  return {
    name,
    title: name,
    summary,
    'x-schema-version': schemaVersion,
    headers: {
      allOf: [
        { $ref: '#/components/schemas/CloudEvent' },
        { type: 'object', properties: { ce_type: { type: 'string', const: name } } },
      ],
    },
    payload: { $ref: `#/components/schemas/${name}` },
    bindings: { kafka: { key, ...BINDING } },
    examples,
  };
}

function topicOf(topic: string) {
  if (!TOPICS[topic]) throw new Error(`Nobody is known to publish on ${topic}. Say it in topics.ts.`);
  return TOPICS[topic];
}
