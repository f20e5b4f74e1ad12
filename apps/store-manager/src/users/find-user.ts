import { inShare, type UnitOfWork } from '@magasin/event-log';
import type { User } from './user';

/**
 * The user of that id, in the caller's unit of work; undefined when there is none. He is not deleted before it ends: who
 * deletes him then finds what the unit has made for him. For each order, so in plain SQL.
 */
export async function findUser(tx: UnitOfWork, id: number): Promise<User | undefined> {
  const [user] = await tx.rows.query<User[]>(
    `SELECT id, name, email, user_type_id FROM users WHERE id = ? ${inShare(tx.rows)}`,
    [id],
  );
  return user;
}
