import { LogUnavailable } from '../errors';

interface DatabaseError {
  code?: string;
  errno?: number;
  fatal?: boolean;
  driverError?: DatabaseError;
}

const inner = (error: unknown): DatabaseError => {
  const outer = (error ?? {}) as DatabaseError;
  return outer.driverError ?? outer;
};

/** Deadlock, lock wait, and how a deadlock on the AUTO-INC lock shows: the whole unit may be run again. */
const AGAIN = new Set([1213, 1205, 1467]);

/**
 * The server is away, full, shutting down or out of connections; its connection was killed; it only reads. Numbers of
 * MySQL and of MariaDB (1927: connection was killed; 4031: idle for too long).
 */
const AWAY = new Set([1021, 1040, 1041, 1053, 1077, 1114, 1159, 1161, 1203, 1226, 1290, 1317, 1836, 1927, 4031]);

const UNREACHABLE = /^(E[A-Z]+|EAI_AGAIN|PROTOCOL_[A-Z_]+|POOL_[A-Z_]+)$/;

export const mayRunAgain = (error: unknown): boolean => AGAIN.has(inner(error).errno ?? 0);

/** True for what says nothing about the statement: the same may succeed when the server is back. */
export function isAway(error: unknown): boolean {
  const { fatal, errno = 0, code = '', message } = inner(error) as DatabaseError & { message?: string };
  // The codes of Node are numbers below zero. `Pool is closed.` has none.
  return fatal === true || AWAY.has(errno) || UNREACHABLE.test(code) || message === 'Pool is closed.';
}

/** After it the server has forgotten the transaction: one more statement would commit by itself. */
export const endsTransaction = (error: unknown): boolean => mayRunAgain(error) || isAway(error);

export const translated = (error: unknown): unknown => (isAway(error) ? new LogUnavailable(error) : error);
