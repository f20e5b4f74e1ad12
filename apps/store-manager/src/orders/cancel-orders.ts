import { OrderCancelled } from '@magasin/contracts';
import { forUpdate, type UnitOfWork } from '@magasin/event-log';
import { returnStock, type Stock } from '../stocks';
import type { User } from '../users';
import { factsOf, itemsOf } from './facts';
import { Order } from './order';

/**
 * Removes these orders in the caller's unit of work: their stock comes back, and their story stays in the log.
 * @param orders read `forUpdate`: nobody pays or cancels them meanwhile
 */
export async function cancelOrders(tx: UnitOfWork, orders: Order[], reason: OrderCancelled['reason']): Promise<void> {
  const back: Stock[] = [];
  for (const order of orders) {
    const items = await itemsOf(tx, order);
    // Its lines go with it, by their foreign key.
    await tx.rows.delete(Order, { id: order.id });
    back.push(...items);
    tx.record(OrderCancelled.of({ ...factsOf(order, items), is_paid: order.is_paid, reason }));
  }
  // Once for each product, not for each line.
  await returnStock(tx, back);
}

/** Before a user goes: what he has not paid is cancelled. What he has paid stays in the books without him. */
export async function cancelUnpaidOrdersOf(tx: UnitOfWork, { id }: User): Promise<void> {
  const unpaid = await tx.rows.find(Order, {
    where: { user_id: id, is_paid: false },
    order: { id: 'ASC' },
    ...forUpdate(tx.rows),
  });
  await cancelOrders(tx, unpaid, 'user-deleted');
}
