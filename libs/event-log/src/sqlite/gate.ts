import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { LogUnavailable, UnitDeadlineExceeded, UnitIsOver } from '../errors';
import type { EventWriter } from '../event-writer';
import { currentUnit, tell, Unit, type UnitOfWork } from '../unit-of-work';
import type { SqliteConnection } from './connection';

/** Who waits for the unit. Commands go first; consumers get a turn of a few milliseconds after each group of commands. */
export type UnitClass = 'command' | 'consumer';

type Work<T> = (tx: UnitOfWork) => Promise<T>;

interface Job {
  run(unit: Unit): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type Outcome = { job: Job; unit: Unit; value?: unknown; error?: unknown; failed: boolean };

/** A group of commands is closed after this long, so that readers and consumers get their turn. */
const TURN_MS = 8;
const LARGEST_GROUP = 128;
/** How long another process may hold the write lock before a unit is refused. */
const BUSY_MS = 5_000;

export interface GateOptions {
  open: () => Promise<SqliteConnection>;
  writer: EventWriter;
  deadlineMs: number;
  /** Told after every COMMIT that kept something. */
  onCommit: (events: number) => void;
}

/**
 * All writers of a SQLite database pass here, one after the other: TypeORM shares one connection, so two
 * transactions at once would be one, and the rollback of the one would erase the other.
 *
 * Units of one class that wait together share one COMMIT, each in its savepoint (measured: three to four times the throughput).
 * Every answer, good or bad, waits for that COMMIT, for it may rest on a row of the same group. Whatever leaves the
 * transaction in doubt fails the whole group with LogUnavailable and opens a fresh connection.
 */
export class SqliteGate {
  private readonly waiting: Record<UnitClass, Job[]> = { command: [], consumer: [] };
  // Work of one request must not run in the async context of another: the loop runs in none.
  private readonly outside = AsyncLocalStorage.snapshot();
  private connection?: SqliteConnection;
  private running?: Promise<void>;
  private closed = false;
  readonly writes = { units: 0, commits: 0 };

  constructor(private readonly options: GateOptions) {}

  /** @throws LogUnavailable, UnitDeadlineExceeded, and whatever `work` throws; then nothing of it was kept. */
  transaction<T>(work: Work<T>, unitClass: UnitClass): Promise<T> {
    const outer = currentUnit.getStore();
    if (outer?.owner === this && outer.alive) return outer.join(work);
    if (outer?.owner === this && outer.expired) return Promise.reject(new UnitIsOver());
    if (this.closed) return Promise.reject(new LogUnavailable('it was closed'));

    const inContext = AsyncLocalStorage.snapshot();
    return new Promise<T>((resolve, reject) => {
      this.waiting[unitClass].push({
        run: (unit) => inContext(() => currentUnit.run(unit, () => work(unit))),
        resolve: resolve,
        reject,
      });
      this.running ??= this.outside(() => this.loop());
    });
  }

  /** Ends what waits, then closes. Later units are refused. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
    await this.connection?.close();
  }

  private async loop(): Promise<void> {
    const { command, consumer } = this.waiting;
    while (command.length + consumer.length > 0) {
      // All requests that have arrived get the time to queue up: they will share the COMMIT.
      await nextTurn();
      if (command.length > 0) await this.turn(command.splice(0, LARGEST_GROUP), command);
      if (consumer.length > 0) await this.turn(consumer.splice(0, LARGEST_GROUP), consumer);
    }
    this.running = undefined;
  }

  /** One transaction. Jobs that its time does not reach go back to the head of their queue. */
  private async turn(jobs: Job[], queue: Job[]): Promise<void> {
    const outcomes: Outcome[] = [];
    let inHand: Job | undefined;
    try {
      const connection = await this.begin();
      const until = performance.now() + TURN_MS;
      const grouped = jobs.length > 1;
      while (jobs.length > 0 && !connection.doubt && (outcomes.length === 0 || performance.now() < until)) {
        inHand = jobs.shift()!;
        outcomes.push(await this.execute(inHand, connection, grouped));
        inHand = undefined;
      }
      if (!grouped && outcomes[0].failed && !connection.doubt) connection.rollback();
      else connection.commit();
    } catch (error) {
      await this.abandon();
      const unavailable = new LogUnavailable(error);
      for (const { job } of outcomes) job.reject(unavailable);
      inHand?.reject(unavailable);
      // What did not even begin fails too when there is no connection: waiting would not help it.
      if (outcomes.length === 0 && !inHand) for (const job of jobs.splice(0)) job.reject(unavailable);
      return;
    } finally {
      queue.unshift(...jobs);
    }
    this.settle(outcomes);
  }

  private async execute(job: Job, connection: SqliteConnection, grouped: boolean): Promise<Outcome> {
    const unit = new Unit(this, this.options.writer);
    unit.rows = connection.rowsFor(unit);
    if (grouped) connection.mark();
    try {
      const value = await withDeadline(job.run(unit), this.options.deadlineMs);
      unit.end();
      if (unit.broken) throw unit.broken.error;
      connection.append(unit.events);
      if (grouped && !connection.doubt) connection.keepMarked();
      return { job, unit, value, failed: false };
    } catch (error) {
      unit.end();
      unit.expired = error instanceof UnitDeadlineExceeded;
      if (grouped && !connection.doubt) connection.undoMarked();
      return { job, unit, error, failed: true };
    }
  }

  private settle(outcomes: Outcome[]): void {
    const kept = outcomes.filter(({ failed }) => !failed);
    this.writes.units += kept.length;
    if (kept.length > 0) this.writes.commits += 1;
    for (const { job, value, error, failed } of outcomes) {
      if (failed) job.reject(error);
      else job.resolve(value);
    }
    for (const { unit } of kept) for (const listener of unit.listeners) tell(listener);
    if (kept.length > 0) this.options.onCommit(kept.reduce((sum, { unit }) => sum + unit.events.length, 0));
  }

  private async begin(): Promise<SqliteConnection> {
    this.connection ??= await this.options.open();
    const until = performance.now() + BUSY_MS;
    while (!this.connection.begin()) {
      if (performance.now() > until) throw new Error(`another process has held the write lock for ${BUSY_MS} ms`);
      await delay(2);
    }
    return this.connection;
  }

  private async abandon(): Promise<void> {
    const connection = this.connection;
    this.connection = undefined;
    // Closing rolls back what is still open. It says nothing new when the disk or the file is gone.
    await connection?.close().catch(() => undefined);
  }
}

async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new UnitDeadlineExceeded(milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
