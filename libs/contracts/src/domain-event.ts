import './mend-class-validator';
import { IsString } from 'class-validator';

/** What a fact says, without what the log adds when it records it. */
export type Facts<T extends DomainEvent> = Omit<T, 'datetime'>;

/**
 * Something that happened, in the past tense: plain data that can leave the process, be stored for years and be read
 * again. Its fields are its JSON, spelled the same in the table, the event and the message.
 */
export abstract class DomainEvent {
  /** Local time as text, `2026-11-23 16:00:41.491000`. Set when the event is recorded; existing readers print it. */
  @IsString()
  datetime: string;

  static of<T extends DomainEvent>(this: new () => T, facts: Facts<T>): T {
    return Object.assign(new this(), facts);
  }
}

export type EventClass<T extends DomainEvent = DomainEvent> = new () => T;

/** The declaration of one type of event: said once, here, for everyone who records, carries or reads it. */
export interface EventType<T extends DomainEvent = DomainEvent> {
  /** The class's name, and the `event` member of the JSON. */
  name: string;
  eventClass: EventClass<T>;
  /** The Kafka topic; one for each publishing module. */
  topic: string;
  /** Raised with every change of the fields, so that old events can be told from new ones. */
  schemaVersion: number;
  /** What happened, in a sentence: for those who read of it in docs/asyncapi.json. */
  summary?: string;
  /** The stream that the event belongs to: order is promised within it, and only there. */
  stream(event: T): string;
}

const byName = new Map<string, EventType>();
const byClass = new Map<EventClass, EventType>();

/** Declares a class as an event. Two classes of one name are refused: the name is what travels. */
export function EventContract<T extends DomainEvent>(declaration: Omit<EventType<T>, 'name' | 'eventClass'>) {
  return (eventClass: EventClass<T>): void => {
    const { name } = eventClass;
    if (byName.has(name)) throw new Error(`There is an event ${name} already. An event's name must be its own.`);
    const type = { ...declaration, name, eventClass } as EventType;
    byName.set(name, type);
    byClass.set(eventClass, type);
  };
}

/** @throws Error when the class was not declared with `@EventContract`. */
export function eventType(eventClass: EventClass): EventType {
  const type = byClass.get(eventClass);
  if (!type) throw new Error(`${eventClass.name} is not declared as an event. Add @EventContract to it.`);
  return type;
}

/** The type of that name, undefined when none is declared. */
export const eventTypeNamed = (name: string): EventType | undefined => byName.get(name);

/** The types that are published on a topic. */
export const eventTypesOf = (topic: string): EventType[] => [...byName.values()].filter((type) => type.topic === topic);

/** All types that are declared. */
export const eventTypes = (): EventType[] => [...byName.values()];
