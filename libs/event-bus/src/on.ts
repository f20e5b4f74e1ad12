import type { DomainEvent, EventClass } from '@magasin/contracts';
import type { UnitOfWork } from '@magasin/event-log';
import { DiscoveryService } from '@nestjs/core';
import { type Consumer, type Delivery, type Handler, on } from './event-bus';

/** What a consumer may say of itself beside its name. */
export type ConsumerOptions = Omit<Consumer, 'name' | 'handlers'>;

/** A method that handles an event. Shorter ones, without `tx` or `delivery`, will do. */
export type EventMethod<T extends DomainEvent> = (event: T, tx: UnitOfWork, delivery: Delivery) => Promise<void>;

const declareConsumer = DiscoveryService.createDecorator<ConsumerOptions & { name: string }>();

interface Declared {
  event: EventClass;
  method: string;
}

const ON = Symbol('methods of a consumer');

/** Every class that has an `@On`, whether a module provides it or not. */
export const classesWithOn = new Set<Function>();

/**
 * Makes a provider a consumer: its `@On` methods take their events in order per stream, with one effect each. Its
 * progress is kept under the name: renamed, it is another consumer, and takes everything from the beginning.
 */
export const EventConsumer = (name: string, options: ConsumerOptions = {}): ClassDecorator =>
  declareConsumer({ ...options, name });

/**
 * Hands one type of event to the method, inside the transaction that moves the consumer's progress. Only `tx` may be
 * awaited there; an error rolls back, is tried again and parks the stream; `Unavailable` pauses the consumer.
 */
export const On =
  <T extends DomainEvent>(event: EventClass<T>) =>
  <M extends EventMethod<T>>(prototype: object, method: string, _descriptor: TypedPropertyDescriptor<M>): void => {
    const owner = prototype.constructor;
    const declared = declaredOf(owner);
    const [taken] = (Reflect.getMetadata('design:paramtypes', prototype, method) ?? []) as Function[];
    if (isAnother(event, taken)) {
      throw new Error(`${owner.name}.${method} is @On(${event.name}) but takes a ${taken.name}.`);
    }
    const same = declared.find((other) => other.event === event && other.method !== method);
    if (same) throw new Error(`${owner.name} has two methods @On(${event.name}): ${same.method} and ${method}.`);
    Reflect.defineMetadata(ON, [...declared, { event, method }], owner);
    classesWithOn.add(owner);
  };

export const hasOn = (owner: Function): boolean => declaredOf(owner).length > 0;

/** The consumer that an instance of such a class is; undefined when the class is not declared as one. */
export function consumerOf(instance: object): Consumer | undefined {
  const owner = instance.constructor;
  const declaration = Reflect.getMetadata(declareConsumer.KEY, owner) as
    (ConsumerOptions & { name: string }) | undefined;
  if (!declaration) return undefined;
  const methods = instance as Record<string, Handler['handle']>;
  const handlers = declaredOf(owner).map(({ event, method }) =>
    on(event, (fact, tx, delivery) => methods[method](fact, tx, delivery)),
  );
  return { ...declaration, handlers };
}

const declaredOf = (owner: Function): Declared[] => (Reflect.getMetadata(ON, owner) ?? []) as Declared[];

/** Events with the same fields are one type to the compiler, so the classes themselves are compared too. */
const isAnother = (event: Function, taken: Function | undefined): boolean =>
  taken !== undefined && taken !== Object && taken !== event && !(event.prototype instanceof taken);
