import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { UnitClass, UnitOptions, Units, Work } from '../database';
import { withDeadline } from '../deadline';
import { LogUnavailable, UnitDeadlineExceeded } from '../errors';
import { currentUnit, joinedTo, tell, Unit } from '../unit-of-work';
import { MysqlConnection, MysqlUnitRunner } from './connection';
import { isAway, mayRunAgain, translated } from './errors';

/** A unit that ran into another one, or into a connection that had died unseen, is run so often before it is given up. */
const TRIES = 6;

/**
 * Units of work on MariaDB and MySQL. Many at once: InnoDB orders them by the rows that they lock, and groups their
 * commits itself. One that is chosen as the victim of a deadlock is run again, whole.
 */
export class MysqlUnits implements Units {
  readonly writes = { units: 0, commits: 0 };
  private readonly outside = AsyncLocalStorage.snapshot();
  private readonly running = new Set<Promise<unknown>>();
  private closed = false;

  constructor(
    /** Connections of their own for each class: consumers never wait for commands, nor these for them. */
    private readonly pools: Record<UnitClass, DataSource>,
    private readonly options: UnitOptions & { onStatement?: (sql: string) => void },
  ) {}

  transaction<T>(work: Work<T>, unitClass: UnitClass): Promise<T> {
    const joined = joinedTo(this, work);
    if (joined) return joined;
    if (this.closed) return Promise.reject(new LogUnavailable('it was closed'));
    const answer = this.untilKept(work, unitClass);
    this.running.add(answer);
    void answer.catch(() => undefined).finally(() => this.running.delete(answer));
    return answer;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.running);
    for (const pool of Object.values(this.pools)) if (pool.isInitialized) await pool.destroy();
  }

  private async untilKept<T>(work: Work<T>, unitClass: UnitClass): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.once(work, unitClass);
      if (!outcome.failed) return outcome.value;
      if (!outcome.again || tries === TRIES) throw outcome.error;
      // Whoever was in the way needs a moment; two victims must not meet again.
      await delay(Math.random() * 5 * tries);
    }
  }

  private async once<T>(work: Work<T>, unitClass: UnitClass): Promise<Outcome<T>> {
    const pool = this.pools[unitClass];
    const { deadlineMs, writer } = this.options;
    const unit = new Unit(this, writer);
    let connection: MysqlConnection;
    try {
      connection = await MysqlConnection.open(pool, this.options.onStatement);
    } catch (error) {
      return { failed: true, error: translated(error), again: false };
    }
    let committing = false;
    try {
      unit.rows = pool.createEntityManager(new MysqlUnitRunner(pool, unit, connection));
      const value = await withDeadline(
        currentUnit.run(unit, () => work(unit)),
        deadlineMs,
        () => new UnitDeadlineExceeded(deadlineMs),
      );
      unit.end();
      if (unit.broken) throw unit.broken.error;
      committing = true;
      await connection.commit(unit);
      await connection.end();
      this.kept(unit);
      return { failed: false, value };
    } catch (error) {
      unit.end();
      unit.expired = error instanceof UnitDeadlineExceeded;
      const { broken, pending } = connection;
      await connection.end();
      // What the work made of a broken transaction does not count, unless it has said something else on purpose. Of a
      // nested unit that counts which it said itself: a request with a key makes an answer of whatever its command throws.
      const said = unit.broken ? unit.broken.error : error;
      const cause = broken && !isOwn(said, broken) ? error : (broken ?? error);
      if (unit.expired && pending > 0) {
        const silent = new LogUnavailable(`it has not answered for ${deadlineMs} ms`);
        return { failed: true, error: silent, again: false };
      }
      if (mayRunAgain(cause)) return { failed: true, error: new LogUnavailable(cause), again: true };
      // A COMMIT that got lost may have been kept: it is not run again.
      if (committing && isAway(cause)) return { failed: true, error: lostCommit(cause), again: false };
      return { failed: true, error: translated(cause), again: isAway(cause) };
    }
  }

  private kept(unit: Unit): void {
    this.writes.units += 1;
    this.writes.commits += 1;
    this.outside(() => {
      for (const listener of unit.listeners) tell(listener);
      this.options.onCommit(unit.events.length);
    });
  }
}

const lostCommit = (cause: unknown): LogUnavailable =>
  cause instanceof LogUnavailable
    ? cause
    : new LogUnavailable(
        `nobody knows whether it was kept, for its COMMIT got lost (${(cause as Error).message})`,
        true,
      );

type Outcome<T> = { failed: false; value: T } | { failed: true; error: unknown; again: boolean };

/** True when the work passed the error on that broke its transaction, alone or wrapped by TypeORM. */
const isOwn = (error: unknown, broken: Error): boolean =>
  error === broken || (error as { driverError?: unknown }).driverError === broken;
