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

/**
 * The database can not be reached or written. Nothing of the unit was kept, unless a server did not answer its COMMIT: then
 * the message says that nobody knows. The same call may succeed later.
 */
export class LogUnavailable extends Error {
  override name = 'LogUnavailable';

  constructor(
    cause: unknown,
    /** Nobody knows whether the unit was kept. */
    readonly inDoubt = false,
  ) {
    super(`The database is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Another process leads the relay of this log now. Nothing of this write was kept. */
export class Fenced extends Error {
  override name = 'Fenced';

  constructor() {
    super('Another process leads the relay of this log now.');
  }
}

/** By the names that SQLite and the two servers give them. */
const UNIQUE = ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'ER_DUP_ENTRY'];
const FOREIGN_KEY = [
  'SQLITE_CONSTRAINT_FOREIGNKEY',
  'ER_NO_REFERENCED_ROW_2',
  'ER_ROW_IS_REFERENCED_2',
  // The same for a user who may not see the other table.
  'ER_NO_REFERENCED_ROW',
  'ER_ROW_IS_REFERENCED',
];
const LOCK_TIMEOUT = ['ER_LOCK_WAIT_TIMEOUT'];

interface DatabaseError {
  code?: unknown;
  /** In what TypeORM says. */
  driverError?: DatabaseError;
}

const isOneOf = (codes: string[], error: unknown): boolean => {
  const outer = error as DatabaseError | undefined;
  return codes.includes(String((outer?.driverError ?? outer)?.code));
};

/** True when a row of that key is there already. */
export const isUniqueViolation = (error: unknown): boolean => isOneOf(UNIQUE, error);

/** True when a row names another one that does not exist, or is named by one that is to stay. */
export const isForeignKeyViolation = (error: unknown): boolean => isOneOf(FOREIGN_KEY, error);

/** True when a row stayed locked by another unit for longer than the database waits. SQLite has one writer: never. */
export const isLockTimeout = (error: unknown): boolean => isOneOf(LOCK_TIMEOUT, error);
