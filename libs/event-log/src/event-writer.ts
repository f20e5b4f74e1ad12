import { randomUUIDv7 } from 'node:crypto';
import { type DomainEvent, type EventClass, eventType } from '@magasin/contracts';
import { type ValidationError, validateSync } from 'class-validator';
import { InvalidEvent } from './errors';
import { localTimeWriter } from './local-time';
import { currentTrace } from './trace';

/** Half of what a Kafka broker takes by default, so that headers and compression never decide. In bytes of UTF-8. */
export const MAX_EVENT_BYTES = 512 * 1024;

/** An event as it will stand in the log, before it has its version and its position. */
export interface NewEvent {
  id: Buffer;
  type: string;
  stream: string;
  /** The flat JSON that consumers read, to the letter: what is published, now or in ten years, is this text. */
  payload: string;
  metadata: string;
  /** Milliseconds since 1970, UTC; never less than the event before it in this process. */
  occurredAt: number;
}

/** Turns facts into rows of the log, strictly: what is in the log can be read by everyone who knows its schema. */
export class EventWriter {
  private readonly localTime: (moment: number) => string;
  private latest = 0;

  constructor(timeZone: string) {
    this.localTime = localTimeWriter(timeZone);
  }

  /** No event of this process gets an earlier time than this, also when the clock is set back: history is in order. */
  startAfter(moment: number): void {
    this.latest = Math.max(this.latest, moment);
  }

  /** @throws InvalidEvent */
  write(event: DomainEvent): NewEvent {
    const type = eventType(event.constructor as EventClass);
    this.latest = Math.max(this.latest, Date.now());
    event.datetime = this.localTime(this.latest);
    checkSchema(type.name, event);

    const { datetime, ...facts } = event;
    const payload = JSON.stringify({ event: type.name, ...facts, datetime });
    const size = Buffer.byteLength(payload);
    if (size > MAX_EVENT_BYTES)
      throw new InvalidEvent(type.name, [`it has ${size} bytes, the limit is ${MAX_EVENT_BYTES}`]);

    return {
      id: uuidAt(this.latest),
      type: type.name,
      stream: type.stream(event),
      payload,
      // The topic too: an older process, which does not know the type, may be the one that publishes it.
      metadata: JSON.stringify({ schema_version: type.schemaVersion, topic: type.topic, ...currentTrace() }),
      occurredAt: this.latest,
    };
  }
}

/** @throws InvalidEvent */
export function checkSchema(name: string, event: DomainEvent): void {
  const errors = validateSync(event, { forbidUnknownValues: true });
  if (errors.length > 0) throw new InvalidEvent(name, violationsOf(errors));
}

/** The violations inside a nested value name their place: `lines.1.quantity must be an integer number`. */
const violationsOf = (errors: ValidationError[], place = ''): string[] =>
  errors.flatMap(({ property, constraints, children }) => [
    ...Object.values(constraints ?? {}).map((violation) => place + violation),
    ...violationsOf(children ?? [], `${place}${property}.`),
  ]);

/** A UUIDv7 whose time is the event's own, so that the log can find it by its id without an index on it. */
function uuidAt(moment: number): Buffer {
  const uuid = Buffer.from(randomUUIDv7().replaceAll('-', ''), 'hex');
  uuid.writeUIntBE(moment, 0, 6);
  return uuid;
}
