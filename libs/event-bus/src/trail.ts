import type { UnitOfWork } from '@magasin/event-log';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Lane } from './progress';

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
