import type { Ledger } from './ledger';

interface Fact {
  id: number;
  type: string;
  payload: string;
  event_id: Buffer;
}

interface User {
  id: number;
  name: string;
  email: string;
  user_type_id: number;
}

const SEEDS = 5;
const TOLD_BY_EMAIL = new Set(['UserCreated', 'UserDeleted']);

/** What the rows, the log, the e-mails and the parked events say of each other that is not so. */
export function brokenPromises(ledger: Ledger): string[] {
  const facts = (ledger.rows('event_log') as unknown as Fact[]).toSorted((a, b) => a.id - b.id);
  const users = new Map<number, User>();
  for (const { type, payload } of facts) {
    const { id, name, email, user_type_id } = JSON.parse(payload) as User;
    // The poisoned one names no one.
    if (!TOLD_BY_EMAIL.has(type) || name === undefined) continue;
    if (type === 'UserDeleted') users.delete(id);
    else users.set(id, { id, name, email, user_type_id });
  }
  const rows = (ledger.rows('users') as unknown as User[]).filter(({ id }) => id > SEEDS);
  const inLog = [...users.values()].map((user) => JSON.stringify(user)).toSorted();
  const inTable = rows.map(({ id, name, email, user_type_id }) => JSON.stringify({ id, name, email, user_type_id }));
  const emails = new Map(ledger.rows('email').map(({ event_id, copy }) => [`${String(event_id)} ${String(copy)}`, 1]));
  const waiting = new Set(ledger.rows('parked_event').map(({ position }) => position));
  const skipped = new Set(
    ledger
      .rows('audit')
      .filter(({ action }) => action === 'skip-event')
      .map(({ position }) => position),
  );
  const silent = facts.filter(
    ({ id, type, event_id }) =>
      TOLD_BY_EMAIL.has(type) && !emails.has(`${uuidOf(event_id)} 0`) && !waiting.has(id) && !skipped.has(id),
  );
  return [
    ...(inLog.join() === inTable.toSorted().join() ? [] : ['the users are not those of the log']),
    ...silent.map(({ id, type }) => `event ${id}, ${type}, has no e-mail and does not wait for one`),
  ];
}

const uuidOf = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
