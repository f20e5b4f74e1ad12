import { OrderCancelled, OrderCreated, toCents, UserDeleted } from '@magasin/contracts';
import { type Delivery, discardRows, EventConsumer, On } from '@magasin/event-bus';
import { orUpdate, type UnitOfWork } from '@magasin/event-log';
import { Expense } from './expense';

export const HIGHEST_SPENDERS = 'highest-spenders';

const KEY = 'instance, user_id';

/**
 * Adds up what each user has ordered for. The events of an order and those of its user come in no order, so everything
 * here may come before anything else: that a user is deleted is set, differences are added.
 */
@EventConsumer(HIGHEST_SPENDERS, { discard: (tx, instance) => discardRows(tx, Expense, instance) })
export class HighestSpendersConsumer {
  @On(OrderCreated)
  async spend({ user_id, total_amount }: OrderCreated, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    if (user_id !== null) await add(tx, { instance: consumer, user_id, cents: toCents(total_amount)! });
  }

  /** One that nobody's is, is of a user who was deleted, and so in nobody's sum. */
  @On(OrderCancelled)
  async giveBack({ user_id, total_amount }: OrderCancelled, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    if (user_id !== null) await add(tx, { instance: consumer, user_id, cents: -toCents(total_amount)! });
  }

  /** What he has paid stays in the books, without him. */
  @On(UserDeleted)
  async leave({ id }: UserDeleted, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    await tx.rows.query(
      `INSERT INTO highest_spenders (instance, user_id, expense_cents, deleted) VALUES (?, ?, 0, 1)
       ${orUpdate(tx.rows, KEY, () => 'deleted = 1')}`,
      [consumer, id],
    );
  }
}

async function add(
  tx: UnitOfWork,
  { instance, user_id, cents }: { instance: string; user_id: number; cents: number },
): Promise<void> {
  await tx.rows.query(
    `INSERT INTO highest_spenders (instance, user_id, expense_cents, deleted) VALUES (?, ?, ?, 0)
     ${orUpdate(tx.rows, KEY, (row) => `expense_cents = expense_cents + ${row('expense_cents')}`)}`,
    [instance, user_id, cents],
  );
}
