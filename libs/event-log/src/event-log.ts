import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { EventWriter } from './event-writer';
import { History } from './history';
import { ReadDataSource } from './read-data-source';
import { SqliteConnection } from './sqlite/connection';
import { SqliteGate, type UnitClass } from './sqlite/gate';
import { sqliteFile, sqliteOptions } from './sqlite/options';
import { CreateEventLog1764000000000 } from './sqlite/schema';
import { tell, type UnitOfWork } from './unit-of-work';

export interface EventLogOptions {
  /** `sqlite:<file>`; the folder is made when it is missing. */
  url: string;
  entities: NonNullable<DataSourceOptions['entities']>;
  /** Run after the log's own, at start. */
  migrations: NonNullable<DataSourceOptions['migrations']>;
  /** For the `datetime` of events. Default: the machine's. */
  timeZone?: string;
  /** A unit that is not over after so many milliseconds is rolled back. Default 2,000. */
  unitDeadlineMs?: number;
  /** Sees every statement just before it runs: for tests that count them or die at one of them. */
  onStatement?: (sql: string) => void;
}

/** The safety net for commits that this process was not told of: another process's. In milliseconds. */
const LOOK_AGAIN_MS = 5_000;

/**
 * The log of a database: what happened is recorded in the transaction that changes the rows, and read again by position.
 * Its rows that no consumer has taken yet are the outbox, all of them are the history.
 */
export class EventLog {
  readonly history: History;
  private readonly lookAgain: NodeJS.Timeout;

  private constructor(
    /** A UUID made with the table: a restored or recreated database is another log. */
    readonly identity: string,
    /** Committed rows, for queries and injected repositories. */
    readonly reading: ReadDataSource,
    private readonly gate: SqliteGate,
    private readonly listeners: Set<() => void>,
    private knownHead: number,
  ) {
    this.history = new History(reading);
    this.lookAgain = setInterval(() => void this.checkHead(), LOOK_AGAIN_MS).unref();
  }

  /** Opens the database, brings its tables up to date, and refuses what it can not serve with a message for people. */
  static async open(options: EventLogOptions): Promise<EventLog> {
    const file = sqliteFile(options.url);
    mkdirSync(dirname(file), { recursive: true });
    const { entities, onStatement } = options;
    const settings = { file, entities, onStatement };
    await migrate({
      file,
      entities: [],
      migrations: [CreateEventLog1764000000000, ...Object.values(options.migrations)],
    });

    const reading = new ReadDataSource(sqliteOptions({ ...settings, readonly: true }));
    await reading.initialize();
    const writer = new EventWriter(options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
    const [{ id }] = await reading.query<{ id: string }[]>('SELECT id FROM log_identity');
    const [newest] = (await new History(reading).page({ limit: 1, newestFirst: true })).events;
    writer.startAfter(newest?.occurredAt ?? 0);

    const listeners = new Set<() => void>();
    const gate = new SqliteGate({
      open: () => SqliteConnection.open(settings),
      writer,
      deadlineMs: options.unitDeadlineMs ?? 2_000,
      onCommit: (events) => {
        if (events > 0) for (const listener of listeners) tell(listener);
      },
    });
    return new EventLog(id, reading, gate, listeners, newest?.position ?? 0);
  }

  /**
   * One unit of work: rows and events commit together or not at all, and the answer comes when they are durable.
   * Inside it only `tx` may be awaited; a nested call joins the unit.
   *
   * @throws LogUnavailable when the database is away or full: nothing was kept, the call may be repeated.
   * @throws UnitDeadlineExceeded when `work` waited for something else.
   */
  transaction<T>(work: (tx: UnitOfWork) => Promise<T>, unitClass: UnitClass = 'command'): Promise<T> {
    return this.gate.transaction(work, unitClass);
  }

  /** Calls back after every commit that recorded events, and when another process recorded some. Returns the way out. */
  onRecorded(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A write that changes nothing, for whoever must know. @throws LogUnavailable when a unit would not be kept now. */
  async tryWrite(): Promise<void> {
    await this.transaction(({ rows }) => rows.query('UPDATE log_identity SET id = id'));
  }

  /** What this process has written: units that were kept, and the commits that they shared. */
  get writes(): Readonly<{ units: number; commits: number }> {
    return this.gate.writes;
  }

  /** Ends the units that wait, then closes the database. */
  async close(): Promise<void> {
    clearInterval(this.lookAgain);
    await this.gate.close();
    if (this.reading.isInitialized) await this.reading.destroy();
  }

  private async checkHead(): Promise<void> {
    const head = await this.history.head().catch(() => this.knownHead);
    if (head !== this.knownHead) for (const listener of this.listeners) tell(listener);
    this.knownHead = head;
  }
}

async function migrate(settings: Parameters<typeof sqliteOptions>[0]): Promise<void> {
  const dataSource = await new DataSource({
    ...sqliteOptions(settings),
    enableWAL: true,
  } as DataSourceOptions).initialize();
  try {
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await dataSource.destroy();
  }
}
