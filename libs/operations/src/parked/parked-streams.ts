import { type Arrival, AuditEntry, ParkedAttempt, ParkedEvent, ParkedStream } from '@magasin/event-bus';
import { EventLog } from '@magasin/event-log';
import type { Page } from '@magasin/hosting';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { StreamNotParked } from './errors';
import type { StreamQuery, StreamsQuery } from './input';
import { toCursor, toPlace } from './place';
import type { ParkedEventView, ParkedGroupView, ParkedStreamDetail, ParkedStreamView } from './views';

const EVENTS_SHOWN = 50;

/** What is parked, for people: grouped by cause, then by stream, then event by event. */
@Injectable()
export class ParkedStreams {
  constructor(private readonly log: EventLog) {}

  async groups(consumer?: string): Promise<ParkedGroupView[]> {
    const rows = await this.log.reading.manager
      .createQueryBuilder(ParkedStream, 'p')
      .select('p.consumer', 'consumer')
      .addSelect('p.error_key', 'error_key')
      .addSelect('max(p.error)', 'error')
      .addSelect('count(*)', 'streams')
      .addSelect('sum(p.waiting)', 'events')
      .addSelect('min(p.failed_at)', 'first_failed_at')
      .addSelect('max(p.failed_at)', 'last_failed_at')
      .addSelect('sum(case when p.next_attempt_at is null then 1 else 0 end)', 'wait_for_a_person')
      .where(consumer === undefined ? {} : { consumer })
      .groupBy('p.consumer')
      .addGroupBy('p.error_key')
      .orderBy('streams', 'DESC')
      .getRawMany<Record<keyof ParkedGroupView, string | number>>();
    return rows.map((row) => ({
      consumer: String(row.consumer),
      error_key: String(row.error_key),
      error: String(row.error),
      streams: Number(row.streams),
      events: Number(row.events),
      first_failed_at: iso(Number(row.first_failed_at)),
      last_failed_at: iso(Number(row.last_failed_at)),
      wait_for_a_person: Number(row.wait_for_a_person),
    }));
  }

  /** In the order in which they failed last. */
  async streams({ consumer, error_key, limit, cursor }: StreamsQuery): Promise<Page<ParkedStreamView>> {
    const query = this.log.reading.manager
      .createQueryBuilder(ParkedStream, 'p')
      .where({ consumer, error_key })
      .orderBy({ 'p.failed_at': 'ASC', 'p.source': 'ASC', 'p.stream': 'ASC' })
      .limit(limit + 1);
    const place = cursor && toPlace(cursor);
    if (place) query.andWhere('(p.failed_at, p.source, p.stream) > (:failed_at, :source, :stream)', place);
    const found = await query.getMany();
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    return { items: items.map(toStreamView), nextCursor: last ? toCursor(last) : null };
  }

  /** @throws StreamNotParked */
  async show({ consumer, stream, source = this.log.identity }: StreamQuery): Promise<ParkedStreamDetail> {
    const { manager } = this.log.reading;
    const key = { consumer, source, stream };
    const parked = await manager.findOneBy(ParkedStream, key);
    if (!parked) throw new StreamNotParked(consumer, stream);
    const events = await manager.find(ParkedEvent, { where: key, order: { position: 'ASC' }, take: EVENTS_SHOWN });
    const these = { consumer, source, position: In(events.map(({ position }) => position)) };
    const attempts = await manager.find(ParkedAttempt, { where: these, order: { position: 'ASC', attempt: 'ASC' } });
    const repairs = await manager.find(AuditEntry, { where: these, order: { id: 'ASC' } });
    return {
      ...toStreamView(parked),
      events: events.map((event) => toEventView(event, attempts)),
      repairs: repairs.map(({ at, who, why, action, position }) => ({ at: iso(at), who, why, action, position })),
    };
  }
}

const iso = (moment: number): string => new Date(moment).toISOString();

const toStreamView = ({ parked_at, failed_at, next_attempt_at, ...row }: ParkedStream): ParkedStreamView => ({
  consumer: row.consumer,
  source: row.source,
  stream: row.stream,
  error: row.error,
  waiting: row.waiting,
  attempts: row.attempts,
  parked_at: iso(parked_at),
  failed_at: iso(failed_at),
  next_attempt_at: next_attempt_at === null ? null : iso(next_attempt_at),
});

function toEventView({ position, revision, delivery }: ParkedEvent, attempts: ParkedAttempt[]): ParkedEventView {
  const { id, type, version, occurredAt, payload } = JSON.parse(delivery) as Arrival;
  const own = attempts.filter((attempt) => attempt.position === position);
  return {
    position,
    revision,
    id,
    type,
    version,
    recorded_at: iso(occurredAt),
    payload,
    attempts: own.map(({ failed_at, error }) => ({ at: iso(failed_at), error })),
  };
}
