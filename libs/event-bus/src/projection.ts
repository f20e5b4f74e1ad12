import type { UnitOfWork } from '@magasin/event-log';
import type { EntityManager, EntityTarget } from 'typeorm';
import { activeInstance } from './instance';

/** What one unit removes of a replaced instance. */
const DISCARDED_AT_ONCE = 200;

/**
 * Reads what the live instance of a consumer has made; `read` is given the name that it stands under. Whole at every
 * moment, also while another instance is swapped in.
 */
export async function readLive<T>(
  rows: EntityManager,
  consumer: string,
  read: (instance: string) => Promise<T>,
): Promise<T> {
  for (;;) {
    const instance = await activeInstance(rows, consumer);
    const found = await read(instance);
    // Another was swapped in meanwhile: what was read may be on its way out.
    if (instance === (await activeInstance(rows, consumer))) return found;
  }
}

/** For a consumer's `discard`: removes some rows of an instance from a table. True when none is left there. */
export async function discardRows(
  tx: UnitOfWork,
  entity: EntityTarget<{ instance: string }>,
  instance: string,
): Promise<boolean> {
  const rows = tx.rows.getRepository(entity);
  const found = await rows.find({ where: { instance }, take: DISCARDED_AT_ONCE });
  await rows.remove(found);
  return found.length < DISCARDED_AT_ONCE;
}
