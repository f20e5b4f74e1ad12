import type { EventLog, UnitOfWork } from '@magasin/event-log';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Delivery } from './event-bus';
import { ParkedAttempt, ParkedEvent } from './parking';
import { ConsumerProgress, type Lane } from './progress';

/** One row for each committed batch: with it the way of any event is a range look-up, and no row an event is needed. */
@Entity('consumer_trail')
export class TrailEntry implements Lane {
  @PrimaryColumn('text')
  consumer: string;

  @PrimaryColumn('text')
  source: string;

  @PrimaryColumn('text')
  topic: string;

  @PrimaryColumn('integer')
  partition: number;

  @PrimaryColumn('integer')
  to_position: number;

  /** True for one parked event that was handled later, outside the order of its lane. */
  @PrimaryColumn('boolean')
  retried: boolean;

  @Column('integer')
  from_position: number;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  started_at: number;

  /** Just before the COMMIT. */
  @Column('integer')
  committed_at: number;
}

export const leaveTrail = async (tx: UnitOfWork, entry: Omit<TrailEntry, 'committed_at'>): Promise<void> => {
  await tx.rows.insert(TrailEntry, { ...entry, committed_at: Date.now() });
};

/** Where an event stands with one consumer. */
export interface Step {
  consumer: string;
  /** `skipped`: the consumer has no handler for this type. `waiting`: it has not come so far. */
  state: 'handled' | 'skipped' | 'parked' | 'waiting';
  started_at?: string;
  committed_at?: string;
  /** Milliseconds from the recording to the committed effect. */
  latency_ms?: number;
  /** What went wrong on the way, oldest first. */
  attempts: { at: string; error: string }[];
}

/** The way that an event took through the consumers whose progress is in this database. */
export async function wayOf({ reading }: EventLog, event: Delivery): Promise<Step[]> {
  const { source, position } = event;
  const consumers = await reading.manager.find(ConsumerProgress, { where: { source }, order: { consumer: 'ASC' } });
  return Promise.all(
    consumers.map(async ({ consumer, topic, partition, types, position: reached }): Promise<Step> => {
      const failed = await reading.manager.find(ParkedAttempt, {
        where: { consumer, source, position },
        order: { attempt: 'ASC' },
      });
      const attempts = failed.map(({ failed_at, error }) => ({ at: new Date(failed_at).toISOString(), error }));
      if (await reading.manager.existsBy(ParkedEvent, { consumer, source, position })) {
        return { consumer, state: 'parked', attempts };
      }
      if (reached < position) return { consumer, state: 'waiting', attempts };

      const entry = await reading.manager
        .createQueryBuilder(TrailEntry, 't')
        .where({ consumer, source, topic, partition })
        .andWhere('t.to_position >= :position AND t.from_position <= :position', { position })
        .orderBy({ 't.to_position': 'ASC', 't.retried': 'DESC' })
        .limit(1)
        .getOne();
      const handled = (JSON.parse(types) as string[]).includes(event.type);
      return {
        consumer,
        state: handled ? 'handled' : 'skipped',
        ...(entry && {
          started_at: new Date(entry.started_at).toISOString(),
          committed_at: new Date(entry.committed_at).toISOString(),
          latency_ms: entry.committed_at - event.occurredAt,
        }),
        attempts,
      };
    }),
  );
}
