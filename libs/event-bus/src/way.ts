import type { EventLog } from '@magasin/event-log';
import { type EntityManager, LessThanOrEqual } from 'typeorm';
import { AuditEntry } from './audit';
import type { Arrival } from './event-bus';
import { ConsumerInstance } from './instance';
import { ParkedAttempt, ParkedEvent } from './parked';
import { placeOf } from './place-of';
import { ConsumerProgress } from './progress';
import { TakenTypes } from './taken-types';
import { TrailEntry } from './trail';

/** Where an event stands with one consumer. */
export interface Step {
  consumer: string;
  /**
   * `skipped`: the consumer had no handler for this type, or a person skipped the event (see `repairs`).
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
  const consumers = new Set(progress.map(({ consumer }) => consumer));
  const passed = [...consumers].filter((consumer) => {
    const { from_position = 0, to_position = null } = instances.get(consumer) ?? {};
    return position >= from_position && position <= (to_position ?? Infinity);
  });
  const steps = await Promise.all(
    passed.map((consumer) => {
      const lanes = progress.filter((lane) => lane.consumer === consumer);
      return stepOf(manager, lanes, event);
    }),
  );
  return steps.filter((step) => step !== undefined);
}

/** Undefined for a consumer that began behind the event. */
async function stepOf(manager: EntityManager, lanes: ConsumerProgress[], event: Arrival): Promise<Step | undefined> {
  const found = await laneOf(manager, lanes, event);
  if (!found) return undefined;
  const { progress, taken } = found;
  const { position: reached, ...lane } = progress;
  const { consumer, source } = lane;
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
    .where(lane)
    .andWhere('t.to_position >= :position AND t.from_position <= :position', { position })
    .orderBy({ 't.to_position': 'ASC', 't.retried': 'DESC' })
    .limit(1)
    .getOne();
  const wanted = (JSON.parse(taken.types) as string[]).includes(event.type);
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

/** By which of its lanes the event came, or will come, to a consumer, and the types that it took there by then. */
async function laneOf(manager: EntityManager, lanes: ConsumerProgress[], event: Arrival) {
  const { topic = placeOf(event).topic, partition = placeOf(event).partition } = event;
  const itsOwn = lanes.find((lane) => lane.topic === topic && lane.partition === partition);
  // The log comes second: what a consumer had taken there before it followed topics.
  for (const progress of [itsOwn, lanes.find((lane) => lane.topic === '')]) {
    if (!progress) continue;
    const { consumer, source } = progress;
    const taken = await manager.findOne(TakenTypes, {
      where: {
        consumer,
        source,
        topic: progress.topic,
        partition: progress.partition,
        from_position: LessThanOrEqual(event.position),
      },
      order: { from_position: 'DESC' },
    });
    if (taken) return { progress, taken };
  }
  return undefined;
}

/** The audit's word for an event that a person took out of a parked stream without an effect. */
export const SKIP_EVENT = 'skip-event';

const iso = (moment: number): string => new Date(moment).toISOString();
