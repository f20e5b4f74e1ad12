import type { DataSourceOptions } from 'typeorm';
import type { EventWriter } from './event-writer';
import type { ReadDataSource } from './read-data-source';
import type { UnitOfWork } from './unit-of-work';

/** Who waits for the unit. On SQLite commands go first; on MySQL each class has connections of its own. */
export type UnitClass = 'command' | 'consumer';

export type Work<T> = (tx: UnitOfWork) => Promise<T>;

/** What runs units of work. */
export interface Units {
  /** @throws LogUnavailable, UnitDeadlineExceeded, and whatever `work` throws; then nothing of it was kept. */
  transaction<T>(work: Work<T>, unitClass: UnitClass): Promise<T>;
  /** Units that were kept in this process, and the commits that they shared. */
  readonly writes: Readonly<{ units: number; commits: number }>;
  /** Ends what waits, then closes. Later units are refused. */
  close(): Promise<void>;
}

export interface UnitOptions {
  writer: EventWriter;
  /** A unit that is not over by then is rolled back. In milliseconds. */
  deadlineMs: number;
  /** How long a group of units may grow where they share a COMMIT. In milliseconds. */
  turnMs?: number;
  /** Told after every COMMIT that kept something: how many events it recorded. */
  onCommit: (events: number) => void;
}

export interface DatabaseOptions {
  url: string;
  entities: NonNullable<DataSourceOptions['entities']>;
  migrations: Function[];
  /** Sees every statement just before it runs. */
  onStatement?: (sql: string) => void;
}

/** A database that keeps a log, open and up to date. */
export interface LogDatabase {
  /** Committed rows, for queries and injected repositories. */
  readonly reading: ReadDataSource;
  units(options: UnitOptions): Units;
  /**
   * One or more statements without parameters, durable together, in one round trip: whoever freezes while they run holds
   * nothing. Gives back how many rows each has matched, and of a SELECT the rows.
   */
  atOnce<Row = never>(statements: string[]): Promise<(number | Row[])[]>;
  /** Closes what the units do not close themselves. */
  close(): Promise<void>;
}
