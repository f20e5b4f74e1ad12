import type { DomainEvent, EventClass } from '@magasin/contracts';
import type { RecordedEvent, UnitOfWork } from '@magasin/event-log';
import type { EntityManager } from 'typeorm';
import type { RelayStatus } from './relay';

/** An event as a driver brings it. */
export interface Arrival extends RecordedEvent {
  /** The identity of the log that it comes from. */
  source: string;
  /** The position of the event before this one on the same way. What the consumer has not come to by then is missing. */
  previous?: number;
  /** The topic and the partition that it came on; none when it was read in the log itself. */
  topic?: string;
  partition?: number;
}

/** An event at its consumer. */
export interface Delivery extends Arrival {
  /** Who makes the effect: the consumer's name, or that of one instance of it (`best-sellers@2`). */
  consumer: string;
}

export interface Handler<T extends DomainEvent = DomainEvent> {
  event: EventClass<T>;
  /**
   * The effect of the event. What it writes through `tx` commits together with the consumer's progress, so it happens
   * once. Only `tx` may be awaited; an effect outside the database goes through a row that somebody sends later.
   */
  handle(event: T, tx: UnitOfWork, delivery: Delivery): Promise<void>;
}

/** Declares what a consumer does on one type of event. */
export const on = <T extends DomainEvent>(event: EventClass<T>, handle: Handler<T>['handle']): Handler => ({
  event,
  handle,
});

/** Someone who wants to know: it gets every event of the types it names, in order per stream, with one effect each. */
export interface Consumer {
  /**
   * Its progress is kept under this name: renamed, it is another consumer. Lower case letters, digits and `-`: an `@` is
   * in the names of its instances.
   */
  name: string;
  /** Where a consumer that has no progress yet begins. Stored once, so a restart does not move it. Default: beginning. */
  startAt?: 'beginning' | 'now';
  handlers: Handler[];
  /**
   * Its effects stand under the name of an instance (`delivery.consumer`), so another one can be built beside it and
   * swapped in. Removes some of what an instance has made, no more than a short unit takes; true when nothing is left.
   */
  discard?(tx: UnitOfWork, instance: string): Promise<boolean>;
  /**
   * Its effects are keyed by event, so events may be replayed into it: only what is missing is made. Tells what that
   * would be for an event, in words for people or as data; nothing when the effects are there.
   */
  preview?(event: DomainEvent, delivery: Delivery, reading: EntityManager): Promise<unknown[]>;
}

/** Events that a consumer took in one process. `repeated`: had come before, dropped. `parked`: those that failed alone. */
export interface Counts {
  handled: number;
  skipped: number;
  repeated: number;
  parked: number;
}

export const noCounts = (): Counts => ({ handled: 0, skipped: 0, repeated: 0, parked: 0 });

/** How a consumer of this process is doing. Costs the same however long the log is. */
export interface ConsumerStatus {
  consumer: string;
  /**
   * `running`; `paused`: something it depends on is away, it tries again by itself; `stopped`: a person is needed, or the
   * bus was stopped.
   */
  state: 'running' | 'paused' | 'stopped';
  /** Why it is paused or stopped. */
  error?: string;
  /** When its loop last showed that it lives: milliseconds since 1970. Never more than a few seconds ago while it does. */
  heartbeat_at: number;
  /** The last position that it is done with. */
  position: number;
  /** The last position of the log. */
  head: number;
  /**
   * How long the first event that it has not taken has been waiting, in seconds; 0 when none waits. None does for an
   * instance that is being built or that replays: the live one has taken it.
   */
  lag_seconds: number;
  parked_streams: number;
  parked_events: number;
}

/**
 * Carries what was recorded to every consumer: each event at least once, in order per stream and no more than that.
 * The consumer pipeline makes one effect of it. Every driver passes the suite in event-bus.contract.ts.
 */
export abstract class EventBus {
  /** Before or after start. @throws Error when the name is taken or can not be one. */
  abstract subscribe(consumer: Consumer): void;
  abstract start(): Promise<void>;
  /** What a consumer has done in this process since it was subscribed. @throws Error for an unknown name. */
  abstract counts(consumer: string): Readonly<Counts>;
  abstract status(): Promise<ConsumerStatus[]>;
  /** How the relay of this process is doing; undefined when it has none. */
  abstract relay(): RelayStatus | undefined;
  /** The consumers of this process. */
  abstract get consumers(): Consumer[];
  /** Looks at once for what a repair has made due: a parked stream to try, an instance to build. */
  abstract wake(): void;
  /** Ends the batches in hand and commits them; resolves when no handler runs any more. */
  abstract stop(): Promise<void>;
}

/**
 * A handler throws this when something it depends on is away: connection refused, time-out, 5xx. The consumer pauses
 * and tries again later; no stream is parked, for the event is not at fault.
 */
export class Unavailable extends Error {
  override name = 'Unavailable';
}
