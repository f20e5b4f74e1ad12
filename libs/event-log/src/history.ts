import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from './dialect';
import type { BoundRange, EventPage, PageRequest, Range, Selection } from './history-selection';

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

export interface EventRow extends Omit<RecordedEvent, 'id'> {
  uuid: Buffer;
}

type Milestone = Pick<RecordedEvent, 'position' | 'version' | 'occurredAt'>;

/** The column of the place in the log. SQLite has one writer, so there its ids are the positions. */
const POSITION = { sqlite: 'id', mysql: 'position' } as const;
/** Where ids are drawn before the COMMIT, the relay numbers what is committed: until then it is in the log for nobody. */
const NUMBERED = { sqlite: '', mysql: 'AND position > 0' } as const;

/**
 * Several processes record at once, each by its clock, and a unit takes a while: times follow the positions that closely
 * and no closer. In milliseconds.
 */
const DISORDER_MS = 10_000;

/** How many places one page may look through for events of some types, so that its cost has a bound. */
const TYPE_WINDOW = 5_000;

/** A stretch of `read` aims at so many characters of payload; events may have half a megabyte, or a hundred bytes. */
const STRETCH_CHARACTERS = 256 * 1024;
const LONGEST_STRETCH = 500;

/** The log read as history: by position, by stream, by time, by id. Each call costs what it returns, however long the log is. */
export class History {
  private readonly position: string;
  private readonly numbered: string;
  private readonly columns: string;

  constructor(
    private readonly reading: Reading,
    /** With `unnumbered`, streams go up to what is committed, or recorded by this unit's predecessors, just now. */
    { unnumbered = false } = {},
  ) {
    const dialect = dialectOf(reading);
    this.position = POSITION[dialect];
    this.numbered = unnumbered ? '' : NUMBERED[dialect];
    // No alias may be called `id`: ORDER BY would then sort by it instead of by the position.
    this.columns = `${this.position} AS position, event_id AS uuid, type, stream, version, payload, metadata, occurred_at AS occurredAt`;
  }

  /** The last position, 0 for an empty log. */
  head(): Promise<number> {
    return this.lastPlace();
  }

  /** The last position that anything committed by now has, or gets from the relay. */
  async end(): Promise<number> {
    if (this.position === POSITION.sqlite) return this.head();
    // One statement: what is numbered between two of them would be counted twice.
    const [{ last }] = await this.reading.query<{ last: number }[]>(
      `SELECT (SELECT coalesce(max(position), 0) FROM event_log) +
        (SELECT COUNT(*) FROM event_log WHERE position = 0) AS last`,
    );
    return last;
  }

  /**
   * Events in the order of the log, or against it. `next` is undefined at the end of the range. With types a page may be
   * short, or empty, and still have a next: it looked through a bounded part of the log.
   */
  async page(request: PageRequest): Promise<EventPage<RecordedEvent>> {
    const { stream, types, exceptTypes = [], from, to, after = 0, upTo, limit, newestFirst } = request;
    const last = upTo ?? (await this.lastPlace(stream));
    const chooses = (types ?? from ?? to) !== undefined || exceptTypes.length > 0;
    const window = chooses ? TYPE_WINDOW : Infinity;
    const [low, high] = newestFirst
      ? [Math.max(after + 1, last - window + 1), last]
      : [after + 1, Math.min(last, after + window)];
    const place = this.placeIn(stream);
    const conditions: { sql: string; values: readonly (string | number)[] }[] = [
      ...(stream === undefined ? [] : [{ sql: `stream = ? ${this.numbered} AND`, values: [stream] }]),
      { sql: `${place} BETWEEN ? AND ?`, values: [low, high] },
      ...(types === undefined ? [] : [{ sql: `AND type IN (${types.map(() => '?').join()})`, values: types }]),
      ...(exceptTypes.length === 0
        ? []
        : [{ sql: `AND type NOT IN (${exceptTypes.map(() => '?').join()})`, values: exceptTypes }]),
      ...(from === undefined ? [] : [{ sql: 'AND occurred_at >= ?', values: [from] }]),
      ...(to === undefined ? [] : [{ sql: 'AND occurred_at <= ?', values: [to] }]),
    ];
    const rows = await this.reading.query<EventRow[]>(
      `SELECT ${this.columns} FROM event_log WHERE ${conditions.map(({ sql }) => sql).join(' ')}
       ORDER BY ${place} ${newestFirst ? 'DESC' : 'ASC'} LIMIT ?`,
      [...conditions.flatMap(({ values }) => values), limit],
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
  async find({ stream, types, from, to, after = 0 }: Selection): Promise<BoundRange> {
    if (stream !== undefined) return { stream, types, ...(await this.findInStream({ stream, from, to, after })) };
    // Times are only nearly in order: the bounds are wide enough, and each event is looked at once more.
    const begin = from === undefined ? 0 : (await this.firstPlaceAt(from - DISORDER_MS)) - 1;
    const end = to === undefined ? await this.lastPlace() : (await this.firstPlaceAt(to + DISORDER_MS + 1)) - 1;
    return { types, from, to, after: Math.max(after, begin), upTo: end };
  }

  /** A stream ends at one version, at any time: where its times are out of order, at one of those that they may mean. */
  private async findInStream({ stream, from = -Infinity, to, after = 0 }: Selection & { stream: string }) {
    const isInside = ({ position, occurredAt }: Milestone): boolean => position > after && occurredAt >= from;
    const isBeyond = ({ occurredAt }: Milestone): boolean => occurredAt > to!;
    const all = from === -Infinity && after === 0;
    return {
      after: all ? 0 : (await this.firstPlace(isInside, stream)) - 1,
      upTo: to === undefined ? await this.lastPlace(stream) : (await this.firstPlace(isBeyond, stream)) - 1,
    };
  }

  /** The next events after a position, for consumers: one query. */
  async after(position: number, limit: number): Promise<RecordedEvent[]> {
    const rows = await this.reading.query<EventRow[]>(
      `SELECT ${this.columns} FROM event_log WHERE ${this.position} > ? ORDER BY ${this.position} LIMIT ?`,
      [position, limit],
    );
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

  /** By its id, a UUIDv7: its first 48 bits are the time at which the event was recorded. */
  async byId(id: string): Promise<RecordedEvent | undefined> {
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    if (bytes.length !== 16) return undefined;
    const moment = bytes.readUIntBE(0, 6);
    const [row] = await this.reading.query<EventRow[]>(
      `SELECT ${this.columns} FROM event_log
       WHERE ${this.position} >= ? AND ${this.position} < ? AND occurred_at = ? AND event_id = ? LIMIT 1`,
      [await this.firstPlaceAt(moment - DISORDER_MS), await this.firstPlaceAt(moment + DISORDER_MS + 1), moment, bytes],
    );
    return row && toEvent(row);
  }

  private async lastPlace(stream?: string): Promise<number> {
    const [{ last }] = await this.reading.query<{ last: number }[]>(
      `SELECT coalesce(max(${this.placeIn(stream)}), 0) AS last FROM event_log
       ${stream === undefined ? '' : `WHERE stream = ? ${this.numbered}`}`,
      stream === undefined ? [] : [stream],
    );
    return last;
  }

  /**
   * The first place that has come so far, the last place + 1 when there is none. What has come so far stays so: positions
   * and versions grow together, and times nearly. So it bisects, and no index on time is needed.
   */
  private async firstPlace(hasCome: (event: Milestone) => boolean, stream?: string): Promise<number> {
    const place = this.placeIn(stream);
    let low = 1;
    let high = (await this.lastPlace(stream)) + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [event] = await this.reading.query<Milestone[]>(
        `SELECT ${this.position} AS position, version, occurred_at AS occurredAt FROM event_log
         WHERE ${stream === undefined ? '' : `stream = ? ${this.numbered} AND `}${place} >= ? ORDER BY ${place} LIMIT 1`,
        stream === undefined ? [middle] : [stream, middle],
      );
      if (event && !hasCome(event)) low = (stream === undefined ? event.position : event.version) + 1;
      else high = middle;
    }
    return low;
  }

  /** A place with no event of that moment or later before it, but for the disorder. */
  private firstPlaceAt(moment: number): Promise<number> {
    return this.firstPlace(({ occurredAt }) => occurredAt >= moment);
  }

  private placeIn(stream?: string): string {
    return stream === undefined ? this.position : 'version';
  }
}

type Reading = EntityManager | DataSource;

/** Twice as many events while they are small; fewer at once when they are not. */
function fitting(events: RecordedEvent[], limit: number): number {
  const characters = events.reduce((sum, { payload }) => sum + payload.length, 0);
  if (events.length === 0 || characters === 0) return limit;
  const wanted = Math.floor((STRETCH_CHARACTERS / characters) * events.length);
  return Math.max(1, Math.min(LONGEST_STRETCH, limit * 2, wanted));
}

export function toEvent({ uuid, ...row }: EventRow): RecordedEvent {
  const id = uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return { ...row, id };
}
