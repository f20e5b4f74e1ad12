import { Column, Entity, type EntityManager, PrimaryColumn } from 'typeorm';
import type { Lane } from './progress';

/** From which position on a consumer takes which types: what it took up later, it had passed over before. */
@Entity('consumer_types')
export class TakenTypes implements Lane {
  @PrimaryColumn('text')
  consumer: string;

  @PrimaryColumn('text')
  source: string;

  @PrimaryColumn('text')
  topic: string;

  @PrimaryColumn('integer')
  partition: number;

  @PrimaryColumn('integer')
  from_position: number;

  /** As JSON. It passes over all others. */
  @Column('text')
  types: string;
}

/** Notes what a consumer takes from a position on, when that is something else than before. */
export async function noteTypes(
  rows: EntityManager,
  key: Lane & { consumer: string },
  from_position: number,
  taken: string[],
): Promise<void> {
  const types = JSON.stringify(taken.toSorted());
  const latest = await rows.findOne(TakenTypes, { where: key, order: { from_position: 'DESC' } });
  if (latest?.types !== types) await rows.save(TakenTypes, { ...key, from_position, types });
}
