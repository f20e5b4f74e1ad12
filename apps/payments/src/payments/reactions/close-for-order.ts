import type { OrderCancelled } from '@magasin/contracts';
import type { UnitOfWork } from '@magasin/event-log';
import { Payment } from '../payment';
import { refund } from './refund';

/**
 * An order that is gone can not be paid any more, and what the store has taken for it goes back. What was paid without
 * the store knowing stays for now: the store rejects it when it learns of it.
 */
export async function closeForOrder(tx: UnitOfWork, order: OrderCancelled): Promise<void> {
  const { id: order_id, is_paid, user_name, user_email } = order;
  await tx.rows.update(Payment, { order_id, state: 'requested' }, { state: 'cancelled' });
  if (is_paid) await refund(tx, { order_id }, { reason: 'order-cancelled', user_name, user_email });
}
