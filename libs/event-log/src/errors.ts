/** The event breaks its own schema, or is too large. Nothing was recorded, and the unit of work rolls back. */
export class InvalidEvent extends Error {
  override name = 'InvalidEvent';

  constructor(
    readonly event: string,
    readonly violations: string[],
  ) {
    super(`${event} can not be recorded or read: ${violations.join('; ')}.`);
  }
}

/** `tx` was used after its unit of work had ended: a promise was not awaited, or `tx` was kept. */
export class UnitIsOver extends Error {
  override name = 'UnitIsOver';

  constructor() {
    super('This unit of work is over: await everything that uses tx inside log.transaction(), and do not keep tx.');
  }
}

/** The unit waited for something else than `tx` (a request, a timer, a lock of its own) for too long. */
export class UnitDeadlineExceeded extends Error {
  override name = 'UnitDeadlineExceeded';

  constructor(milliseconds: number) {
    super(
      `The unit of work was not over after ${milliseconds} ms and was rolled back: inside it only tx may be awaited.`,
    );
  }
}

/** A write was tried past the unit of work, so that no event could be recorded with it. Nothing was written. */
export class WriteOutsideUnit extends Error {
  override name = 'WriteOutsideUnit';

  constructor() {
    super(
      'Rows are written through tx.rows inside log.transaction(tx => …) only. Injected repositories are for reading.',
    );
  }
}

/** The database can not be reached or written. Nothing of the unit was kept; the same call may succeed later. */
export class LogUnavailable extends Error {
  override name = 'LogUnavailable';

  constructor(cause: unknown) {
    super(`The database is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const codeOf = (error: unknown): unknown => (error as { driverError?: { code?: unknown } }).driverError?.code;

/** True when a row of that key is there already. */
export const isUniqueViolation = (error: unknown): boolean =>
  codeOf(error) === 'SQLITE_CONSTRAINT_UNIQUE' || codeOf(error) === 'SQLITE_CONSTRAINT_PRIMARYKEY';

/** True when a row names another one that does not exist. */
export const isForeignKeyViolation = (error: unknown): boolean => codeOf(error) === 'SQLITE_CONSTRAINT_FOREIGNKEY';

/** True when a row stayed locked by another unit for longer than the database waits. SQLite has one writer: never. */
export const isLockTimeout = (error: unknown): boolean => codeOf(error) === 'ER_LOCK_WAIT_TIMEOUT';
