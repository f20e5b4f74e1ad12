import type { UnitOfWork } from '@magasin/event-log';

/** Runs a statement of a unit. True when it has changed a row: with the guard in its WHERE, when the guard held. */
export async function change(tx: UnitOfWork, sql: string, parameters: unknown[]): Promise<boolean> {
  const { affected } = await tx.rows.queryRunner!.query(sql, parameters, true);
  return (affected ?? 0) > 0;
}
