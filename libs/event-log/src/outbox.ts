import type { LogDatabase } from './database';
import { dialectOf } from './dialect';
import { Fenced } from './errors';
import { type EventRow, History, type RecordedEvent, toEvent } from './history';
import type { Listeners } from './listeners';

/** Who leads the relay of a log, and how far it has come. */
export interface Lease {
  /** Empty when nobody does. */
  owner: string;
  /** Raised with each new leader: what an earlier one still writes is refused. */
  token: number;
  /** Moves while the leader lives. A challenger watches it by his own clock: no clocks are compared. */
  beat: number;
  /** The last position given to an event. */
  assigned: number;
  /** How far the leader has published, as it has noted it: JSON. */
  marks: string;
  /** What was seen without a position when the last ones were given. */
  next?: Candidate[];
}

/** An event that has just got its position. */
export interface Numbered {
  type: string;
  /** The event itself, where it was read with it. */
  event?: RecordedEvent;
}

/** What is committed and has no position yet. */
type Candidate = Pick<EventRow, 'type'> & { id: number } & Partial<Omit<EventRow, 'type' | 'position'>>;

const RELAY = 'relay';
/** A larger payload is not read on the chance that it is wanted: a thousand of them shall fit into memory. In characters. */
const READ_ALONG = 4_096;

/**
 * The relay's side of a log. Every write is one round trip, fenced by the token of the lease: a leader that froze or
 * lost its connection holds nothing that its successor would wait for, and changes nothing when it wakes.
 */
export class Outbox {
  /** True where the relay numbers what is committed; on SQLite the id is the position. */
  readonly numbers: boolean;

  constructor(
    private readonly database: LogDatabase,
    private readonly committed: Listeners,
    private readonly numbered: Listeners,
  ) {
    this.numbers = dialectOf(database.reading) !== 'sqlite';
  }

  /** Calls back after every commit of this process that recorded events. Returns the way out. */
  onCommitted(listener: () => void): () => void {
    return this.committed.add(listener);
  }

  /** Calls back when this process has given positions to events; on SQLite each commit does. Returns the way out. */
  onNumbered(listener: () => void): () => void {
    return this.numbered.add(listener);
  }

  async lease(): Promise<Lease> {
    const [row] = await this.database.reading.query<Lease[]>(
      'SELECT owner, token, beat, assigned, marks FROM event_relay WHERE name = ?',
      [RELAY],
    );
    return row;
  }

  /**
   * Takes the lease over from whoever had it when it was seen like this. Undefined when it has changed since.
   * @throws Error when the log has been tampered with: positions beyond what was ever assigned
   */
  async take(seen: Lease, owner: string): Promise<Lease | undefined> {
    const token = seen.token + 1;
    const [matched] = await this.database.atOnce([
      `UPDATE event_relay SET owner = '${safe(owner)}', token = ${token}, beat = beat + 1
       WHERE name = '${RELAY}' AND token = ${seen.token} AND beat = ${seen.beat}`,
    ]);
    if (matched !== 1) return undefined;
    const lease = await this.lease();
    if (lease.token !== token) return undefined;
    const head = await new History(this.database.reading).head();
    if (!this.numbers) return { ...lease, assigned: head };
    if (head > lease.assigned) {
      throw new Error(`The log has positions up to ${head}, but only ${lease.assigned} were ever assigned.`);
    }
    return lease;
  }

  /** Shows that the leader lives, and keeps its marks. @throws Fenced */
  async beat({ token }: Lease, marks: string): Promise<void> {
    const [matched] = await this.database.atOnce([
      `UPDATE event_relay SET beat = beat + 1, marks = '${safe(marks)}' WHERE name = '${RELAY}' AND token = ${token}`,
    ]);
    if (matched !== 1) throw new Fenced();
  }

  /** Gives the lease up, so that the next one need not wait. */
  async leave({ token }: Lease, marks: string): Promise<void> {
    await this.database.atOnce([
      `UPDATE event_relay SET owner = '', beat = beat + 1, marks = '${safe(marks)}'
       WHERE name = '${RELAY}' AND token = ${token}`,
    ]);
  }

  /**
   * Gives the next positions to what is committed, at most so many events, in the order of their ids, and keeps the
   * marks. Changes `lease.assigned`. Returns them in the order of the log.
   *
   * @param whole the events are read along, but for large ones: whoever is at the end of the log needs no second look
   * @throws Fenced when another one leads; after any other error, as when one of them has vanished meanwhile, nothing
   *   was given, or nobody knows: the lease is to be read anew
   */
  async number(lease: Lease, limit: number, marks: string, { whole = false } = {}): Promise<Numbered[]> {
    if (!this.numbers) return this.alreadyNumbered(lease, limit);
    const look = lookFor(limit, whole);
    const found = lease.next?.length
      ? lease.next.splice(0, limit)
      : await this.database.reading.query<Candidate[]>(look);
    const count = found.length;
    if (count === 0) return [];
    const { token, assigned } = lease;
    const ids = JSON.stringify(found.map(({ id }) => id));
    // The plain read may see a row more than once over time, never twice: the fence and `position = 0` decide.
    const [, fence, , , , , , next] = await this.database.atOnce<Candidate>([
      'START TRANSACTION',
      `UPDATE event_relay SET assigned = assigned + ${count}, beat = beat + 1, marks = '${safe(marks)}'
       WHERE name = '${RELAY}' AND token = ${token} AND assigned = ${assigned}`,
      'SET @ok = ROW_COUNT()',
      `UPDATE JSON_TABLE('${ids}', '$[*]' COLUMNS (o FOR ORDINALITY, i BIGINT UNSIGNED PATH '$')) j
       STRAIGHT_JOIN event_log e ON e.id = j.i SET e.position = ${assigned} + j.o WHERE @ok = 1 AND e.position = 0`,
      'SET @given = ROW_COUNT()',
      // A server that is killed may lose what could be read a moment before. A position that nobody has would stop whoever
      // waits for it: the row that is there twice is refused, and nothing of this is kept.
      `INSERT INTO event_relay SELECT * FROM event_relay WHERE name = '${RELAY}' AND @ok = 1 AND @given <> ${count}`,
      'COMMIT',
      // What has come meanwhile, for the next time: then one round trip is enough.
      look,
    ]);
    if (fence !== 1) throw new Fenced();
    lease.assigned += count;
    lease.next = next as Candidate[];
    this.numbered.tell();
    return found.map((row, index) => ({ type: row.type, event: eventOf(row, assigned + index + 1) }));
  }

  /** On SQLite the ids are the positions: `assigned` only follows them, in memory. */
  private async alreadyNumbered(lease: Lease, limit: number): Promise<Numbered[]> {
    const events = await this.database.reading.query<{ id: number; type: string }[]>(
      'SELECT id, type FROM event_log WHERE id > ? ORDER BY id LIMIT ?',
      [lease.assigned, limit],
    );
    lease.assigned = events.at(-1)?.id ?? lease.assigned;
    return events.map(({ type }) => ({ type }));
  }
}

/** Committed rows without a position, by their ids. */
const lookFor = (limit: number, whole: boolean): string =>
  `SELECT id, type ${whole ? `, event_id AS uuid, stream, version, metadata, occurred_at AS occurredAt, IF(CHAR_LENGTH(payload) <= ${READ_ALONG}, payload, NULL) AS payload` : ''}
   FROM event_log WHERE position = 0 ORDER BY id LIMIT ${limit}`;

function eventOf({ id: _id, ...row }: Candidate, position: number): RecordedEvent | undefined {
  return typeof row.payload === 'string' ? toEvent({ ...(row as Omit<EventRow, 'position'>), position }) : undefined;
}

/** For a text between quotes, in both dialects: without what either of them would read as an end or an escape. */
function safe(text: string): string {
  if (/['\\\0;]/.test(text)) throw new Error(`The relay can not write ${text}.`);
  return text;
}
