import type { OrderPaid } from '@magasin/contracts';
import type { UnitOfWork } from '@magasin/event-log';
import { Payment } from '../payment';

/**
 * An order that the store knows to be paid is not charged again: where somebody else has said so (`PUT /orders`), its
 * payment is still open. From here on it is like any that was paid, so its money goes back when the order is cancelled.
 */
export async function settleForOrder(tx: UnitOfWork, { payment_id: id }: OrderPaid): Promise<void> {
  await tx.rows.update(Payment, { id, state: 'requested' }, { state: 'paid' });
}
