import type { DomainEvent, EventClass } from '@magasin/contracts';
import { checkSchema, InvalidEvent } from '@magasin/event-log';

/**
 * Makes an event of its text. Tolerant: fields that the class does not know stay, and disturb nobody.
 * @throws InvalidEvent when the text is no JSON object or breaks the schema of the class.
 */
export function readEvent<T extends DomainEvent>(eventClass: EventClass<T>, payload: string): T {
  const event = Object.assign(new eventClass(), readObject(eventClass.name, payload));
  checkSchema(eventClass.name, event);
  return event;
}

/** @throws InvalidEvent */
export function readObject(type: string, payload: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch (error) {
    throw new InvalidEvent(type, [(error as Error).message]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidEvent(type, ['its value is not a JSON object']);
  }
  return value as Record<string, unknown>;
}
