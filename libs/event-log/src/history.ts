import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BoundRange, EventPage, PageRequest, Range, Selection } from './history-selection';
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

interface Row extends Omit<RecordedEvent, 'id'> {
  uuid: Buffer;
}

type Milestone = Pick<RecordedEvent, 'position' | 'version' | 'occurredAt'>;

// No alias may be called `id`: ORDER BY would then sort by it instead of by the position.
const COLUMNS = 'id AS position, event_id AS uuid, type, stream, version, payload, metadata, occurred_at AS occurredAt';

/** How many places one page may look through for events of some types, so that its cost has a bound. */
const TYPE_WINDOW = 5_000;

/** A stretch of `read` aims at so many characters of payload; events may have half a megabyte, or a hundred bytes. */
const STRETCH_CHARACTERS = 256 * 1024;
const LONGEST_STRETCH = 500;

/** The log read as history: by position, by stream, by time, by id. Each call costs what it returns, however long the log is. */
export class History {
  constructor(private readonly reading: ReadDataSource) {}

  /** The last position, 0 for an empty log. */
  head(): Promise<number> {
    return this.lastPlace();
  }

  /**
   * Events in the order of the log, or against it. `next` is undefined at the end of the range. With types a page may be
   * short, or empty, and still have a next: it looked through a bounded part of the log.
   */
  async page({ stream, types, after = 0, upTo, limit, newestFirst }: PageRequest): Promise<EventPage<RecordedEvent>> {
    const last = upTo ?? (await this.lastPlace(stream));
    const window = types === undefined ? Infinity : TYPE_WINDOW;
    const [low, high] = newestFirst
      ? [Math.max(after + 1, last - window + 1), last]
      : [after + 1, Math.min(last, after + window)];
    const place = placeIn(stream);
    const rows = await this.reading.query<Row[]>(
      `SELECT ${COLUMNS} FROM event_log WHERE ${stream === undefined ? '' : 'stream = ? AND '}${place} BETWEEN ? AND ?
       ${types === undefined ? '' : `AND +type IN (${types.map(() => '?').join()})`}
       ORDER BY ${place} ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
      [...(stream === undefined ? [] : [stream]), low, high, ...(types ?? []), limit],
    );
    const events = rows.map(toEvent);
    // How far the page has looked: up to its last event when it is full, else through its whole window.
    const full = events.length === limit ? events[limit - 1] : undefined;
    const seen = full ? (stream === undefined ? full.position : full.version) : newestFirst ? low : high;
    const end = newestFirst ? seen <= after + 1 : seen >= last;
    return { events, seen, next: end ? undefined : seen };
  }

  /**
   * A whole range, oldest first, or its first `most` events, in stretches that fit into memory. It ends where the log
   * ended when it began. Between two stretches, all else in this process gets its turn, also while no event matches.
   */
  async *read(range: Range, most = Infinity): AsyncGenerator<EventPage<RecordedEvent>, void, undefined> {
    const upTo = range.upTo ?? (await this.lastPlace(range.stream));
    let limit = 16;
    for (let { after = 0 } = range, left = most; after < upTo && left > 0;) {
      const page = await this.page({ ...range, after, upTo, limit: Math.min(limit, left) });
      yield page;
      after = page.next ?? upTo;
      left -= page.events.length;
      limit = fitting(page.events, limit);
      await nextTurn();
    }
  }

  /** Finds a selection in the log; its end is fixed then, so that events to come do not move it. */
  async find({ stream, types, from = -Infinity, to, after = 0 }: Selection): Promise<BoundRange> {
    const isInside = ({ position, occurredAt }: Milestone): boolean => position > after && occurredAt >= from;
    const isBeyond = ({ occurredAt }: Milestone): boolean => occurredAt > to!;
    const atOnce = from === -Infinity && (stream === undefined || after === 0);
    return {
      stream,
      types,
      after: atOnce ? after : (await this.firstPlace(isInside, stream)) - 1,
      upTo: to === undefined ? await this.lastPlace(stream) : (await this.firstPlace(isBeyond, stream)) - 1,
    };
  }

  /** The next events after a position, for consumers: one query. */
  async after(position: number, limit: number): Promise<RecordedEvent[]> {
    const rows = await this.reading.query<Row[]>(`SELECT ${COLUMNS} FROM event_log WHERE id > ? ORDER BY id LIMIT ?`, [
      position,
      limit,
    ]);
    return rows.map(toEvent);
  }

  /** How many events a stream has had, also when its history has been removed; 0 for one that never was. */
  async versionOf(stream: string): Promise<number> {
    const [head] = await this.reading.query<{ version: number }[]>('SELECT version FROM stream_head WHERE stream = ?', [
      stream,
    ]);
    return head?.version ?? 0;
  }

  async at(position: number): Promise<RecordedEvent | undefined> {
    const [event] = await this.after(position - 1, 1);
    return event?.position === position ? event : undefined;
  }

  /** The first position recorded at that moment or later; the head + 1 when there is none. */
  positionAt(moment: number): Promise<number> {
    return this.firstPlace(({ occurredAt }) => occurredAt >= moment);
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

  private async lastPlace(stream?: string): Promise<number> {
    const [{ last }] = await this.reading.query<{ last: number }[]>(
      `SELECT coalesce(max(${placeIn(stream)}), 0) AS last FROM event_log${stream === undefined ? '' : ' WHERE stream = ?'}`,
      stream === undefined ? [] : [stream],
    );
    return last;
  }

  /**
   * The first place that has come so far, the last place + 1 when there is none. What has come so far stays so: positions,
   * versions and times grow together. So it bisects, and no index on time is needed.
   */
  private async firstPlace(hasCome: (event: Milestone) => boolean, stream?: string): Promise<number> {
    const place = placeIn(stream);
    let low = 1;
    let high = (await this.lastPlace(stream)) + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [event] = await this.reading.query<Milestone[]>(
        `SELECT id AS position, version, occurred_at AS occurredAt FROM event_log
         WHERE ${stream === undefined ? '' : 'stream = ? AND '}${place} >= ? ORDER BY ${place} LIMIT 1`,
        stream === undefined ? [middle] : [stream, middle],
      );
      if (event && !hasCome(event)) low = (stream === undefined ? event.position : event.version) + 1;
      else high = middle;
    }
    return low;
  }
}

const placeIn = (stream?: string): string => (stream === undefined ? 'id' : 'version');

/** Twice as many events while they are small; fewer at once when they are not. */
function fitting(events: RecordedEvent[], limit: number): number {
  const characters = events.reduce((sum, { payload }) => sum + payload.length, 0);
  if (events.length === 0 || characters === 0) return limit;
  const wanted = Math.floor((STRETCH_CHARACTERS / characters) * events.length);
  return Math.max(1, Math.min(LONGEST_STRETCH, limit * 2, wanted));
}

function toEvent({ uuid, ...row }: Row): RecordedEvent {
  const id = uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return { ...row, id };
}
