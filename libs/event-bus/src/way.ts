import type { EventLog } from '@magasin/event-log';
import type { EntityManager } from 'typeorm';
import { AuditEntry } from './audit';
import type { Arrival } from './event-bus';
import { ConsumerInstance } from './instance';
import { ParkedAttempt, ParkedEvent } from './parked';
import { ConsumerProgress } from './progress';
import { TrailEntry } from './trail';

/** Where an event stands with one consumer. */
export interface Step {
  consumer: string;
  /**
   * `skipped`: the consumer has no handler for this type, or a person skipped the event (see `repairs`).
   * `waiting`: the consumer has not come so far.
   */
  state: 'handled' | 'skipped' | 'parked' | 'waiting';
  started_at?: string;
  committed_at?: string;
  /** Milliseconds from the recording to the committed effect. */
  latency_ms?: number;
  /** What went wrong on the way, oldest first. */
  attempts: { at: string; error: string }[];
  /** What people did about it, oldest first. */
  repairs: { at: string; who: string; why: string; action: string }[];
}

/** The way that an event took through the consumers whose progress is in this database. */
export async function wayOf({ reading: { manager } }: EventLog, event: Arrival): Promise<Step[]> {
  const { source, position } = event;
  const progress = await manager.find(ConsumerProgress, { where: { source }, order: { consumer: 'ASC' } });
  const instances = new Map((await manager.find(ConsumerInstance)).map((row) => [row.instance, row]));
  const passed = progress.filter(({ consumer }) => {
    const { from_position = 0, to_position = null } = instances.get(consumer) ?? {};
    return position >= from_position && position <= (to_position ?? Infinity);
  });
  return Promise.all(passed.map((lane) => stepOf(manager, lane, event)));
}

async function stepOf(manager: EntityManager, lane: ConsumerProgress, event: Arrival): Promise<Step> {
  const { consumer, source, topic, partition, types, position: reached } = lane;
  const { position } = event;
  const key = { consumer, source, position };
  const failed = await manager.find(ParkedAttempt, { where: key, order: { attempt: 'ASC' } });
  const repaired = await manager.find(AuditEntry, { where: key, order: { id: 'ASC' } });
  const told = {
    attempts: failed.map(({ failed_at, error }) => ({ at: iso(failed_at), error })),
    repairs: repaired.map(({ at, who, why, action }) => ({ at: iso(at), who, why, action })),
  };
  if (await manager.existsBy(ParkedEvent, key)) return { consumer, state: 'parked', ...told };
  if (reached < position) return { consumer, state: 'waiting', ...told };

  const entry = await manager
    .createQueryBuilder(TrailEntry, 't')
    .where({ consumer, source, topic, partition })
    .andWhere('t.to_position >= :position AND t.from_position <= :position', { position })
    .orderBy({ 't.to_position': 'ASC', 't.retried': 'DESC' })
    .limit(1)
    .getOne();
  const wanted = (JSON.parse(types) as string[]).includes(event.type);
  const dropped = repaired.some(({ action }) => action === SKIP_EVENT);
  return {
    consumer,
    state: wanted && !dropped ? 'handled' : 'skipped',
    ...(entry && {
      started_at: iso(entry.started_at),
      committed_at: iso(entry.committed_at),
      latency_ms: entry.committed_at - event.occurredAt,
    }),
    ...told,
  };
}

/** The audit's word for an event that a person took out of a parked stream without an effect. */
export const SKIP_EVENT = 'skip-event';

const iso = (moment: number): string => new Date(moment).toISOString();
