import { createHash } from 'node:crypto';
import { type DomainEvent, eventTypeNamed } from '@magasin/contracts';
import type { Arrival } from './event-bus';
import { UNREADABLE } from './handlers';
import { readEvent, readObject } from './read-event';

/** A message that somebody else's program has put on a topic: a value, perhaps a key, and none of our headers. */
export interface ForeignMessage {
  topic: string;
  partition: number;
  offset: number;
  key: string | null;
  value: string;
  /** Milliseconds since 1970, UTC. */
  timestamp: number;
}

/**
 * An event without headers has a place all the same: its offset. So it is taken once, as ours are. Its type is the
 * `event` member of its value, its stream what the contract of that type says. What can not be read is everybody's and
 * is parked, in a stream of its own unless it has a key, so that it holds up nothing else.
 */
export function foreignArrival({ topic, partition, offset, key, value, timestamp }: ForeignMessage): Arrival {
  const { type, stream } = describe(value);
  return {
    source: `foreign:${topic}/${partition}`,
    // Offsets count by partition. Positions begin with 1.
    position: offset + 1,
    id: `${topic}-${partition}-${offset}`,
    type,
    stream: stream ?? streamOfKey(key) ?? `${topic}-${partition}-${offset}`,
    version: 0,
    payload: value,
    metadata: '{}',
    occurredAt: timestamp,
  };
}

/** A stream that is parked has so many characters at most. */
export const LONGEST_STREAM = 255;

/** What is longer is told by its hash, for people with its beginning: what has one key is in one stream all the same. */
function streamOfKey(key: string | null): string | null {
  if (key === null || key.length <= LONGEST_STREAM) return key;
  return `${key.slice(0, 150).toWellFormed()}… sha256 ${createHash('sha256').update(key).digest('hex')}`;
}

function describe(value: string): { type: string; stream?: string } {
  try {
    const { event } = readObject('An event', value);
    if (typeof event !== 'string') return { type: UNREADABLE };
    return { type: event, stream: streamOf(event, value) };
  } catch {
    return { type: UNREADABLE };
  }
}

/** Undefined for a type that is not declared, and for an event that breaks its schema: what it says is not to be trusted. */
function streamOf(type: string, value: string): string | undefined {
  const declared = eventTypeNamed(type);
  if (!declared) return undefined;
  try {
    return declared.stream(readEvent<DomainEvent>(declared.eventClass, value));
  } catch {
    return undefined;
  }
}
