import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { UnitClass, UnitOptions, Units, Work } from '../database';
import { withDeadline } from '../deadline';
import { LogUnavailable, UnitDeadlineExceeded } from '../errors';
import { currentUnit, joinedTo, tell, Unit } from '../unit-of-work';
import type { SqliteConnection } from './connection';

interface Job {
  run(unit: Unit): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Outcome {
  job: Job;
  unit: Unit;
  value?: unknown;
  error?: unknown;
  failed: boolean;
  /** It failed after it had written, and nothing but a rollback of all of them undoes that. */
  spoiled: boolean;
}

/** A group of commands is closed after this long, so that readers and consumers get their turn. */
const TURN_MS = 8;
const LARGEST_GROUP = 128;
/** So many groups use savepoints after one that would have needed them: where one unit fails, others soon do. */
const CAREFUL_GROUPS = 32;
/** How long another process may hold the write lock before a unit is refused. */
const BUSY_MS = 5_000;

export interface GateOptions extends UnitOptions {
  open: () => Promise<SqliteConnection>;
}

/**
 * All writers of a SQLite database pass here, one after the other: TypeORM shares one connection, so two
 * transactions at once would be one, and the rollback of the one would erase the other.
 *
 * Commands go first; consumers get a turn of a few milliseconds after each group of commands. Units of one class that wait
 * together share one COMMIT (measured: three to four times the throughput). They run without savepoints, which cost a
 * fifth of an order; when one fails that has written already, all of the group is rolled back and run again, each
 * in its savepoint.
 *
 * Every answer, good or bad, waits for that COMMIT, for it may rest on a row of the same group. Whatever leaves the
 * transaction in doubt fails the whole group with LogUnavailable and opens a fresh connection.
 */
export class SqliteGate implements Units {
  private readonly waiting: Record<UnitClass, Job[]> = { command: [], consumer: [] };
  // Work of one request must not run in the async context of another: the loop runs in none.
  private readonly outside = AsyncLocalStorage.snapshot();
  private connection?: SqliteConnection;
  private running?: Promise<void>;
  private closed = false;
  private careful = 0;
  readonly writes = { units: 0, commits: 0 };

  constructor(private readonly options: GateOptions) {}

  transaction<T>(work: Work<T>, unitClass: UnitClass): Promise<T> {
    const joined = joinedTo(this, work);
    if (joined) return joined;
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
      const until = performance.now() + (this.options.turnMs ?? TURN_MS);
      const guarded = jobs.length > 1 && this.careful-- > 0;
      while (jobs.length > 0 && !connection.doubt && (outcomes.length === 0 || performance.now() < until)) {
        inHand = jobs.shift()!;
        const outcome = await this.execute(inHand, connection, guarded);
        inHand = undefined;
        outcomes.push(outcome);
        if (outcome.spoiled) {
          const again = toRunAgain(outcomes);
          if (again.length > 0) this.careful = CAREFUL_GROUPS;
          jobs.unshift(...again);
          break;
        }
      }
      if (outcomes.every(({ failed }) => failed) && !connection.doubt) connection.rollback();
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

  private async execute(job: Job, connection: SqliteConnection, guarded: boolean): Promise<Outcome> {
    const { deadlineMs, writer } = this.options;
    const unit = new Unit(this, writer);
    unit.rows = connection.rowsFor(unit);
    connection.written = false;
    if (guarded) connection.mark();
    try {
      const value = await withDeadline(job.run(unit), deadlineMs, () => new UnitDeadlineExceeded(deadlineMs));
      if (!unit.broken) for (const { sql, parameters } of unit.lastStatements) await unit.rows.query(sql, parameters);
      unit.end();
      if (unit.broken) throw unit.broken.error;
      connection.append(unit.events);
      if (guarded && !connection.doubt) connection.keepMarked();
      return { job, unit, value, failed: false, spoiled: false };
    } catch (error) {
      unit.end();
      unit.expired = error instanceof UnitDeadlineExceeded;
      if (guarded && !connection.doubt) connection.undoMarked();
      const spoiled = !guarded && connection.written && !connection.doubt;
      return { job, unit, error, failed: true, spoiled };
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

/**
 * The jobs of a spoiled group, which ends with the one that spoiled it. What is left in the group has its outcome: the one
 * that failed before any other, and the one that ran out of its time, which would take that time again.
 */
function toRunAgain(group: Outcome[]): Job[] {
  const last = group.at(-1)!;
  const stays = group.length === 1 || last.unit.expired;
  const again = group.splice(0, stays ? group.length - 1 : group.length);
  return again.map(({ job }) => job);
}
