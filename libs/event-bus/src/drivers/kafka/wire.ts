import type { Trace } from '@magasin/event-log';
import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { Arrival } from '../../event-bus';
import { foreignArrival, LONGEST_STREAM } from '../../foreign';
import { UNREADABLE } from '../../handlers';
import type { Outgoing } from '../../publisher';

// An event as a message: the value is its payload to the letter, the key its stream. All else is in the headers, which
// are declared in contracts: CloudEvents 1.0 in Kafka's binary mode.

const URN = 'urn:uuid:';

type Metadata = Partial<Trace> & { schema_version?: number };

/** The message of an event. Its headers are text only, so that a reader in any language can print them. */
export function toMessage(event: Outgoing): Message & { partition: number } {
  const { id, type, source, stream, occurredAt, position, version, previous, partition, payload } = event;
  const { schema_version, correlation_id, traceparent } = JSON.parse(event.metadata) as Metadata;
  return {
    partition,
    key: stream,
    value: payload,
    timestamp: String(occurredAt),
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: type,
      ce_source: URN + source,
      ce_subject: stream,
      ce_time: new Date(occurredAt).toISOString(),
      'content-type': 'application/json',
      ce_position: String(position),
      ce_version: String(version),
      ce_previousposition: String(previous),
      ...(schema_version !== undefined && { ce_schemaversion: String(schema_version) }),
      ...(correlation_id !== undefined && { ce_correlationid: correlation_id }),
      ...(traceparent !== undefined && { traceparent }),
    },
  };
}

/** Where a message stands. The topic without the prefix that a setting may give it. */
export interface Place {
  topic: string;
  partition: number;
}

/**
 * The event of a message, whatever it is: never throws. Without our position it is somebody else's, and its offset is
 * its place. With a position, but headers that can not all be ours, it is unreadable: parked, in a stream of its own, so
 * that it holds up nothing else.
 */
export function fromMessage(place: Place, message: KafkaMessage): Arrival {
  const headers = textOf(message.headers ?? {});
  const key = message.key?.toString() ?? null;
  if (headers.ce_position === undefined) return foreign(place, message, key);
  const faults = faultsOf(headers, key);
  if (message.value === null) faults.push('it has no value');
  if (faults.length > 0) return unreadable(place, message, faults);
  return {
    ...place,
    source: headers.ce_source!.slice(URN.length),
    position: Number(headers.ce_position),
    previous: Number(headers.ce_previousposition),
    id: headers.ce_id!,
    type: headers.ce_type!,
    stream: headers.ce_subject!,
    version: Number(headers.ce_version),
    payload: message.value!.toString(),
    metadata: metadataOf(headers),
    occurredAt: Date.parse(headers.ce_time!),
  };
}

/** What can not be believed, as an event that nobody can read: in a stream of its own, with the reasons. */
export function unreadable(place: Place, message: KafkaMessage, faults: string[]): Arrival {
  const event = foreign(place, message, null);
  return { ...event, type: UNREADABLE, stream: event.id, metadata: JSON.stringify({ unreadable: faults }) };
}

function foreign(place: Place, { offset, timestamp, value }: KafkaMessage, key: string | null): Arrival {
  const arrival = foreignArrival({
    ...place,
    offset: Number(offset),
    key,
    // A tombstone tells nothing: not even what it is.
    value: value?.toString() ?? '',
    timestamp: Number(timestamp),
  });
  return { ...arrival, ...place };
}

type Headers = Partial<Record<string, string>>;

/** A header may stand there more than once: then the last one counts, as in most clients. */
function textOf(headers: IHeaders): Headers {
  const last = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]);
  return Object.fromEntries(last.map(([name, value]) => [name, value?.toString()])) as Headers;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

function faultsOf(headers: Headers, key: string | null): string[] {
  const { ce_specversion, ce_id, ce_type, ce_source, ce_subject, ce_time } = headers;
  const { ce_position, ce_version, ce_previousposition } = headers;
  const [position, previous] = [whole(ce_position), whole(ce_previousposition)];
  const rules: [boolean, string][] = [
    [ce_specversion === '1.0', 'ce_specversion is not 1.0'],
    [UUID.test(ce_id ?? ''), 'ce_id is no UUID'],
    [Boolean(ce_type), 'ce_type is missing'],
    [ce_source?.startsWith(URN) === true && UUID.test(ce_source.slice(URN.length)), 'ce_source is no log'],
    [Boolean(ce_subject) && ce_subject === key, 'ce_subject is not the key'],
    [!(ce_subject && ce_subject.length > LONGEST_STREAM), `ce_subject has more than ${LONGEST_STREAM} characters`],
    [!Number.isNaN(Date.parse(ce_time ?? '')), 'ce_time is no time'],
    [position > 0, 'ce_position is no position'],
    [whole(ce_version) > 0, 'ce_version is no version'],
    [previous >= 0 && !(previous >= position), 'ce_previousposition is no position before it'],
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => fault);
}

/** NaN for what is no whole number, or a larger one than can be counted. */
function whole(text: string | undefined): number {
  const number = /^(0|[1-9]\d*)$/.test(text ?? '') ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : NaN;
}

function metadataOf({ ce_schemaversion, ce_correlationid, traceparent }: Headers): string {
  const schema_version = ce_schemaversion === undefined ? undefined : whole(ce_schemaversion);
  return JSON.stringify({ schema_version, correlation_id: ce_correlationid, traceparent });
}
