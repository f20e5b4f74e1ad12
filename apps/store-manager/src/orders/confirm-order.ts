import { OrderConfirmed } from '@magasin/contracts';
import type { UnitOfWork } from '@magasin/event-log';
import { IsNull } from 'typeorm';
import { factsOf, itemsOf } from './facts';
import { Order } from './order';

/** Where an order is paid. */
export interface PaymentOfOrder {
  payment_id: number;
  payment_link: string;
}

/**
 * Gives an order its payment, in the caller's unit of work, and records OrderConfirmed. Whoever comes first with it wins:
 * false, and nothing is changed, when the order has a payment or is paid, or is gone. That the payment is of the order's
 * own amount is for the caller to know.
 * @throws InvalidEvent when the link is none
 */
export async function confirmOrder(
  tx: UnitOfWork,
  id: number,
  { payment_id, payment_link }: PaymentOfOrder,
): Promise<boolean> {
  const open = { id, payment_link: IsNull(), is_paid: false };
  const { affected } = await tx.rows.update(Order, open, { payment_id, payment_link });
  if (affected !== 1) return false;
  const order = await tx.rows.findOneByOrFail(Order, { id });
  tx.record(OrderConfirmed.of({ ...factsOf(order, await itemsOf(tx, order)), payment_id, payment_link }));
  return true;
}
