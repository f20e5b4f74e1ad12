import type { DataSourceOptions } from 'typeorm';
import type { LogDatabase, UnitClass, Units } from './database';
import { dialectOf } from './dialect';
import { EventWriter } from './event-writer';
import { History } from './history';
import { Listeners } from './listeners';
import { isMysqlUrl } from './mysql/options';
import { openMysql } from './mysql/open';
import { Outbox } from './outbox';
import type { ReadDataSource } from './read-data-source';
import { openSqlite } from './sqlite/open';
import type { UnitOfWork } from './unit-of-work';

export interface EventLogOptions {
  /**
   * `sqlite:<file>`, `mariadb://user:password@host:port/database` or `mysql://…`. The file and its folder, or the database,
   * are made when they are missing.
   */
  url: string;
  entities: NonNullable<DataSourceOptions['entities']>;
  /** Run after the log's own, at start. */
  migrations: NonNullable<DataSourceOptions['migrations']>;
  /** For the `datetime` of events. Default: the machine's. */
  timeZone?: string;
  /** A unit that is not over after so many milliseconds is rolled back. Default 2,000; 5,000 where units wait for rows. */
  unitDeadlineMs?: number;
  /** On SQLite: after so many milliseconds a group of units that share a COMMIT is closed. Default 8. */
  turnMs?: number;
  /** Sees every statement just before it runs: for tests that count them or die at one of them. */
  onStatement?: (sql: string) => void;
}

/** How often it looks for commits that this process was not told of: another process's. In milliseconds. */
const LOOK_AGAIN_MS = { sqlite: 5_000, mysql: 250 };
/** The same where the others tell what they do: for what is lost on the way. */
const HINTED_LOOK_MS = 5_000;

/**
 * The log of a database: what happened is recorded in the transaction that changes the rows, and read again by position.
 * Its rows that no consumer has taken yet are the outbox, all of them are the history.
 */
export class EventLog {
  readonly history: History;
  /** Set while other processes tell this one what they record, by `heard()`: then nobody needs to look for it often. */
  hinted = false;
  private readonly lookAgain: NodeJS.Timeout;
  private lookedAt = 0;

  private constructor(
    /** A UUID made with the table: a restored or recreated database is another log. */
    readonly identity: string,
    private readonly database: LogDatabase,
    private readonly units: Units,
    /** What is committed and not yet published, for the relay alone. */
    readonly outbox: Outbox,
    private readonly recorded: Listeners,
    private knownHead: number,
  ) {
    this.history = new History(this.reading);
    this.lookAgain = setInterval(() => void this.checkHead(), LOOK_AGAIN_MS[dialectOf(this.reading)]).unref();
  }

  /** Opens the database, brings its tables up to date, and refuses what it can not serve with a message for people. */
  static async open({ url, entities, migrations, onStatement, ...options }: EventLogOptions): Promise<EventLog> {
    const open = isMysqlUrl(url) ? openMysql : openSqlite;
    const database = await open({ url, entities, migrations: Object.values(migrations) as Function[], onStatement });
    const { reading } = database;
    const writer = new EventWriter(options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
    const [identity] = await reading.query<{ id: string }[]>('SELECT id FROM log_identity');
    if (!identity) throw new Error('A move into it was not ended: begin it again, npm run move.');
    const [newest] = (await new History(reading).page({ limit: 1, newestFirst: true })).events;
    writer.startAfter(newest?.occurredAt ?? 0);

    const recorded = new Listeners();
    const committed = new Listeners();
    const numbered = new Listeners();
    numbered.add(() => recorded.tell());
    const atOnce = dialectOf(reading) === 'sqlite';
    const units = database.units({
      writer,
      turnMs: options.turnMs,
      deadlineMs: options.unitDeadlineMs ?? (atOnce ? 2_000 : 5_000),
      onCommit: (events) => {
        if (events === 0) return;
        committed.tell();
        if (atOnce) numbered.tell();
      },
    });
    const outbox = new Outbox(database, committed, numbered);
    return new EventLog(identity.id, database, units, outbox, recorded, newest?.position ?? 0);
  }

  /** Committed rows, for queries and injected repositories. */
  get reading(): ReadDataSource {
    return this.database.reading;
  }

  /** True where many units run at once, each in a transaction of its own; on SQLite they run one after the other. */
  get unitsAtOnce(): boolean {
    return dialectOf(this.reading) !== 'sqlite';
  }

  /**
   * One unit of work: rows and events commit together or not at all, and the answer comes when they are durable.
   * Inside it only `tx` may be awaited; a nested call joins the unit. `work` may run again, from its beginning and with
   * another `tx`: after a deadlock on a server, on SQLite when a neighbour failed. What it changes besides rows is its own care.
   *
   * @throws LogUnavailable when the database is away or full: nothing was kept, the call may be repeated.
   * @throws UnitDeadlineExceeded when `work` waited for something else.
   */
  transaction<T>(work: (tx: UnitOfWork) => Promise<T>, unitClass: UnitClass = 'command'): Promise<T> {
    return this.units.transaction(work, unitClass);
  }

  /**
   * Calls back when there are new events to read: after a commit of this process, where the relay numbers them after it
   * has, and when another process recorded some. Returns the way out.
   */
  onRecorded(listener: () => void): () => void {
    return this.recorded.add(listener);
  }

  /** Another process has recorded something, and has said so: whoever waits for it need not wait for the next look. */
  heard(): void {
    this.recorded.tell();
  }

  /** A write of no meaning, for whoever must know. @throws LogUnavailable when a unit would not be kept now. */
  async tryWrite(): Promise<void> {
    await this.transaction(({ rows }) => rows.query('UPDATE log_identity SET tried = 1 - tried'));
  }

  /** What this process has written: units that were kept, and the commits that they shared. */
  get writes(): Readonly<{ units: number; commits: number }> {
    return this.units.writes;
  }

  /** Ends the units that wait, then closes the database. */
  async close(): Promise<void> {
    clearInterval(this.lookAgain);
    await this.units.close();
    await this.database.close();
  }

  private async checkHead(): Promise<void> {
    if (this.hinted && performance.now() - this.lookedAt < HINTED_LOOK_MS) return;
    this.lookedAt = performance.now();
    const head = await this.history.head().catch(() => this.knownHead);
    if (head !== this.knownHead) this.recorded.tell();
    this.knownHead = head;
  }
}
