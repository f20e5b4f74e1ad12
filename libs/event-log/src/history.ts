import type { ReadDataSource } from './read-data-source';

/** An event as it stands in the log. */
export interface RecordedEvent {
  /** Its place in the order of this log: 1, 2, 3… without a gap. */
  position: number;
  /** A UUIDv7. */
  id: string;
  type: string;
  stream: string;
  /** Its place in its stream: 1, 2, 3… */
  version: number;
  /** The JSON text that consumers read. */
  payload: string;
  metadata: string;
  /** Milliseconds since 1970, UTC. */
  occurredAt: number;
}

export interface PageRequest {
  /** Position to start behind: 0, or the last position of the page before. */
  after?: number;
  /** At most so many events. */
  limit: number;
  /** From the newest to the oldest; `after` is then the position to start below. */
  newestFirst?: boolean;
  type?: string;
}

interface Row extends Omit<RecordedEvent, 'id'> {
  uuid: Buffer;
}

// No alias may be called `id`: ORDER BY would then sort by it instead of by the position.
const COLUMNS = 'id AS position, event_id AS uuid, type, stream, version, payload, metadata, occurred_at AS occurredAt';

/** How many positions one page may look through for events of one type, so that its cost has a bound. */
const TYPE_WINDOW = 5_000;

/** The log read as history: by position, by stream, by time, by id. Each call costs what it returns, however long the log is. */
export class History {
  constructor(private readonly reading: ReadDataSource) {}

  /** The last position, 0 for an empty log. */
  async head(): Promise<number> {
    const [{ head }] = await this.reading.query<{ head: number }[]>(
      'SELECT coalesce(max(id), 0) AS head FROM event_log',
    );
    return head;
  }

  /**
   * Events in the order of the log. `next` is where the page after this one starts, undefined at the end. With a type
   * a page may be short, or empty, and still have a next: it looked through a bounded part of the log.
   */
  async page({ after, limit, newestFirst, type }: PageRequest): Promise<{ events: RecordedEvent[]; next?: number }> {
    const start = after ?? (newestFirst ? (await this.head()) + 1 : 0);
    const window = type === undefined ? limit : TYPE_WINDOW;
    const [low, high] = newestFirst ? [start - window, start - 1] : [start + 1, start + window];
    const rows = await this.reading.query<Row[]>(
      `SELECT ${COLUMNS} FROM event_log WHERE id BETWEEN ? AND ? ${type === undefined ? '' : 'AND +type = ?'}
       ORDER BY id ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
      [low, high, ...(type === undefined ? [] : [type]), limit],
    );
    const events = rows.map(toEvent);
    // How far the page has looked: up to its last event when it is full, else through its whole window.
    const seen = events.length === limit ? events[limit - 1].position : newestFirst ? low : high;
    const end = newestFirst ? seen <= 1 : seen >= (await this.head());
    return { events, next: end ? undefined : seen };
  }

  /** The next events after a position, for consumers: one query. */
  async after(position: number, limit: number): Promise<RecordedEvent[]> {
    const rows = await this.reading.query<Row[]>(`SELECT ${COLUMNS} FROM event_log WHERE id > ? ORDER BY id LIMIT ?`, [
      position,
      limit,
    ]);
    return rows.map(toEvent);
  }

  /** The events of one stream after a version. */
  async stream(stream: string, afterVersion: number, limit: number): Promise<RecordedEvent[]> {
    const rows = await this.reading.query<Row[]>(
      `SELECT ${COLUMNS} FROM event_log WHERE stream = ? AND version > ? ORDER BY version LIMIT ?`,
      [stream, afterVersion, limit],
    );
    return rows.map(toEvent);
  }

  async at(position: number): Promise<RecordedEvent | undefined> {
    const [event] = await this.after(position - 1, 1);
    return event?.position === position ? event : undefined;
  }

  /** The first position recorded at that moment or later; the head + 1 when there is none. By bisection: no index on time. */
  async positionAt(moment: number): Promise<number> {
    let low = 1;
    let high = (await this.head()) + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [event] = await this.after(middle - 1, 1);
      if (event && event.occurredAt < moment) low = event.position + 1;
      else high = middle;
    }
    return low;
  }

  /** By its id, a UUIDv7: its first 48 bits are the time at which the event was recorded. */
  async byId(id: string): Promise<RecordedEvent | undefined> {
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    if (bytes.length !== 16) return undefined;
    const moment = bytes.readUIntBE(0, 6);
    const [row] = await this.reading.query<Row[]>(
      `SELECT ${COLUMNS} FROM event_log WHERE id >= ? AND id < ? AND event_id = ? LIMIT 1`,
      [await this.positionAt(moment), await this.positionAt(moment + 1), bytes],
    );
    return row && toEvent(row);
  }
}

function toEvent({ uuid, ...row }: Row): RecordedEvent {
  const id = uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return { ...row, id };
}
