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

/** Goes with the COMMIT. */
export function leaveTrail(tx: UnitOfWork, entry: Omit<TrailEntry, 'committed_at'>): void {
  const { consumer, source, topic, partition, from_position, to_position, started_at, retried } = entry;
  tx.withCommit(
    `INSERT INTO consumer_trail
       (consumer, source, topic, \`partition\`, from_position, to_position, started_at, retried, committed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [consumer, source, topic, partition, from_position, to_position, started_at, Number(retried), Date.now()],
  );
}
