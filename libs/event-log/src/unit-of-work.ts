import { AsyncLocalStorage } from 'node:async_hooks';
import type { DomainEvent } from '@magasin/contracts';
import type { EntityManager } from 'typeorm';
import { UnitIsOver } from './errors';
import type { EventWriter, NewEvent } from './event-writer';
import { History } from './history';

/** One transaction. Rows and events commit together or not at all. Inside it only `tx` may be awaited. */
export interface UnitOfWork {
  /** A plain TypeORM EntityManager of this transaction. It refuses every call once the unit is over. */
  readonly rows: EntityManager;

  /** What has happened up to this unit, by the log. What the unit itself has recorded is not in it yet. */
  readonly history: History;

  /**
   * Records a fact with the rows. It gets its place in its stream and in the log when the unit commits.
   * @throws InvalidEvent at once when its fields break its schema or it is larger than MAX_EVENT_BYTES.
   */
  record(event: DomainEvent): void;

  /**
   * A last statement, which gives nothing back: it goes with the COMMIT, on a server in the same round trip. When it
   * fails, so does the unit.
   */
  withCommit(sql: string, parameters: (string | number | null)[]): void;

  /** Calls back once the unit is durable; never when it was rolled back. For wake-ups: what is lost here is not told. */
  afterCommit(listener: () => void): void;
}

/** One that gives nothing back. */
export interface Statement {
  sql: string;
  parameters: (string | number | null)[];
}

/** The unit that the running code belongs to, so that a nested `transaction()` joins it. */
export const currentUnit = new AsyncLocalStorage<Unit>();

/** The inside of a unit of work: what it gathered, and whether it still lives. */
export class Unit implements UnitOfWork {
  readonly events: NewEvent[] = [];
  readonly listeners: (() => void)[] = [];
  readonly lastStatements: Statement[] = [];
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

  get history(): History {
    return new History(this.rows, { unnumbered: true });
  }

  get alive(): boolean {
    return !this.over;
  }

  record(event: DomainEvent): void {
    this.mustLive();
    this.events.push(this.writer.write(event));
  }

  withCommit(sql: string, parameters: (string | number | null)[]): void {
    this.mustLive();
    this.lastStatements.push({ sql, parameters });
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

/** A unit that is asked for inside another one of the same log joins it. Undefined when there is none. */
export function joinedTo<T>(owner: object, work: (tx: UnitOfWork) => Promise<T>): Promise<T> | undefined {
  const outer = currentUnit.getStore();
  if (outer?.owner !== owner) return undefined;
  if (outer.alive) return outer.join(work);
  return outer.expired ? Promise.reject(new UnitIsOver()) : undefined;
}

/** Calls a listener. What it throws is its own affair: the commit stands, and the others are told too. */
export function tell(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    process.emitWarning(`A listener failed: ${(error as Error).stack}`);
  }
}
