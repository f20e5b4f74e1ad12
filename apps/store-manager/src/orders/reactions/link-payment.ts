import { type PaymentRequested, toAmount } from '@magasin/contracts';
import type { UnitOfWork } from '@magasin/event-log';
import { confirmOrder } from '../confirm-order';
import { Order } from '../order';

/**
 * Confirms the order with its payment, if that is of the order's own amount: payments may have been asked for another one
 * before it knew the order, and asks again when it does.
 */
export async function linkPayment(
  tx: UnitOfWork,
  { id, order_id, total_amount, payment_link }: PaymentRequested,
): Promise<void> {
  const order = await tx.rows.findOneBy(Order, { id: order_id });
  if (!order || toAmount(order.total_cents) !== total_amount) return;
  await confirmOrder(tx, order_id, { payment_id: id, payment_link });
}
