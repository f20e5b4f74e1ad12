import { AsyncLocalStorage } from 'node:async_hooks';
import type { DomainEvent } from '@magasin/contracts';
import type { EntityManager } from 'typeorm';
import { UnitIsOver } from './errors';
import type { EventWriter, NewEvent } from './event-writer';

/** One transaction. Rows and events commit together or not at all. Inside it only `tx` may be awaited. */
export interface UnitOfWork {
  /** A plain TypeORM EntityManager of this transaction. It refuses every call once the unit is over. */
  readonly rows: EntityManager;

  /**
   * Records a fact with the rows. It gets its place in its stream and in the log when the unit commits.
   * @throws InvalidEvent at once when its fields break its schema or it is larger than MAX_EVENT_BYTES.
   */
  record(event: DomainEvent): void;

  /** Calls back once the unit is durable; never when it was rolled back. For wake-ups: what is lost here is not told. */
  afterCommit(listener: () => void): void;
}

/** The unit that the running code belongs to, so that a nested `transaction()` joins it. */
export const currentUnit = new AsyncLocalStorage<Unit>();

/** The inside of a unit of work: what it gathered, and whether it still lives. */
export class Unit implements UnitOfWork {
  readonly events: NewEvent[] = [];
  readonly listeners: (() => void)[] = [];
  rows: EntityManager;
  /** Set by a nested unit that failed: what it wrote is half done, so the whole can not be kept. */
  broken?: { error: unknown };
  /** It ran into its deadline: what still runs of it may not write in another unit what its own has rolled back. */
  expired = false;
  private over = false;

  constructor(
    readonly owner: object,
    private readonly writer: EventWriter,
  ) {}

  get alive(): boolean {
    return !this.over;
  }

  record(event: DomainEvent): void {
    this.mustLive();
    this.events.push(this.writer.write(event));
  }

  afterCommit(listener: () => void): void {
    this.mustLive();
    this.listeners.push(listener);
  }

  /** @throws UnitIsOver */
  mustLive(): void {
    if (this.over) throw new UnitIsOver();
  }

  end(): void {
    this.over = true;
  }

  async join<T>(work: (tx: UnitOfWork) => Promise<T>): Promise<T> {
    try {
      return await work(this);
    } catch (error) {
      this.broken ??= { error };
      throw error;
    }
  }
}

/** Calls a listener. What it throws is its own affair: the commit stands, and the others are told too. */
export function tell(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    process.emitWarning(`A listener failed: ${(error as Error).stack}`);
  }
}
