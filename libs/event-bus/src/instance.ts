import { isUniqueViolation, type UnitOfWork } from '@magasin/event-log';
import { Column, Entity, type EntityManager, In, Like, PrimaryColumn } from 'typeorm';
import { ParkedEvent, ParkedStream } from './parked';
import { ConsumerProgress } from './progress';
import { TakenTypes } from './taken-types';

/**
 * A consumer once more, with a name, a start and a progress of its own: built beside the live one to replace it, or made
 * to go through a part of the log again. A live consumer that never had one has no row here.
 */
@Entity('consumer_instance')
export class ConsumerInstance {
  /** `best-sellers@2`, `coolriel@replay-1` */
  @PrimaryColumn('text')
  instance: string;

  @Column('text')
  consumer: string;

  @Column('text')
  purpose: 'rebuild' | 'replay';

  /**
   * `running`: on its way. A rebuild then becomes `active`, and the one before it `replaced` until its effects are
   * removed, then `discarded`. A replay is `done` at its end.
   */
  @Column('text')
  state: 'running' | 'active' | 'replaced' | 'discarded' | 'done';

  /** The first and the last position that it takes; null: it follows the log. */
  @Column('integer')
  from_position: number;

  @Column('integer', { nullable: true })
  to_position: number | null;

  /** The types that it handles, as JSON; null: all that the consumer does. */
  @Column('text', { nullable: true })
  types: string | null;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  created_at: number;

  @Column('integer', { nullable: true })
  ended_at: number | null;
}

/** Which instance of a consumer is the live one: rebuilding swaps it by this one row. */
@Entity('consumer_active')
export class ActiveInstance {
  @PrimaryColumn('text')
  consumer: string;

  @Column('text')
  instance: string;
}

/** The name that the live effects of a consumer stand under. */
export async function activeInstance(rows: EntityManager, consumer: string): Promise<string> {
  return (await rows.findOneBy(ActiveInstance, { consumer }))?.instance ?? consumer;
}

type Order = Pick<ConsumerInstance, 'consumer' | 'purpose'> &
  Partial<Pick<ConsumerInstance, 'from_position' | 'to_position' | 'types'>>;

/**
 * Orders an instance; the bus of whoever has the consumer builds it. Undefined while one of this purpose is running: of
 * several that are ordered at once, one runs.
 */
export async function orderInstance(tx: UnitOfWork, order: Order): Promise<string | undefined> {
  const { consumer, purpose } = order;
  const prefix = purpose === 'replay' ? `${consumer}@replay-` : `${consumer}@`;
  for (;;) {
    // Counted before the look, so that whoever orders one after the count is seen, or has taken the name.
    const earlier = await tx.rows.countBy(ConsumerInstance, { consumer, purpose, instance: Like(`${prefix}%`) });
    if (await tx.rows.existsBy(ConsumerInstance, { consumer, purpose, state: 'running' })) return undefined;
    // The consumer itself is the first of those that replace each other.
    const instance = `${prefix}${earlier + (purpose === 'replay' ? 1 : 2)}`;
    try {
      await tx.rows.insert(ConsumerInstance, {
        from_position: 1,
        to_position: null,
        types: null,
        ...order,
        instance,
        state: 'running',
        created_at: Date.now(),
        ended_at: null,
      });
      return instance;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
}

/** Makes a rebuilt instance the live one, unless somebody has done it already. */
export async function swapIn(tx: UnitOfWork, { instance, consumer }: ConsumerInstance): Promise<void> {
  const ended_at = Date.now();
  const running = { instance, state: 'running' as const };
  const { affected } = await tx.rows.update(ConsumerInstance, running, { state: 'active', ended_at });
  if (affected !== 1) return;
  const before = await activeInstance(tx.rows, consumer);
  await tx.rows.save(ActiveInstance, { consumer, instance });
  const replaced = { state: 'replaced', ended_at } as const;
  if ((await tx.rows.update(ConsumerInstance, { instance: before }, replaced)).affected === 1) return;
  // The consumer itself: it was never ordered.
  const itself = { instance: before, consumer, purpose: 'rebuild', from_position: 1, created_at: ended_at } as const;
  await tx.rows.insert(ConsumerInstance, { ...itself, to_position: null, types: null, ...replaced });
}

/** Ends an instance that has come to the end of its range. */
export async function endReplay(tx: UnitOfWork, { instance }: ConsumerInstance): Promise<void> {
  await tx.rows.update(ConsumerInstance, { instance, state: 'running' }, { state: 'done', ended_at: Date.now() });
}

/** Takes from a replaced instance what it needs to go on. What it took is no consumer's way any more. */
export async function abandon(tx: UnitOfWork, { instance: consumer }: ConsumerInstance): Promise<void> {
  for (const entity of [ConsumerProgress, TakenTypes, ParkedStream, ParkedEvent])
    await tx.rows.delete(entity, { consumer });
}

export async function markDiscarded(tx: UnitOfWork, { instance }: ConsumerInstance): Promise<void> {
  await tx.rows.update(ConsumerInstance, { instance }, { state: 'discarded' });
}

/** What a bus with these consumers has to run besides them, and what to remove. */
export const openInstances = (rows: EntityManager, consumers: string[]): Promise<ConsumerInstance[]> =>
  rows.findBy(ConsumerInstance, { consumer: In(consumers), state: In(['running', 'replaced']) });

/** True for one whose place another has taken: it has no progress, and is not to begin anew. */
export const isReplaced = (rows: EntityManager, instance: string): Promise<boolean> =>
  rows.existsBy(ConsumerInstance, { instance, state: In(['replaced', 'discarded']) });
