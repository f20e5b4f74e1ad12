import { OrderPaid } from '@magasin/contracts';
import type { UnitOfWork } from '@magasin/event-log';
import { factsOf, itemsOf } from './facts';
import { Order } from './order';

/**
 * Notes that the order is paid, and by what, in the caller's unit of work. OrderPaid is recorded once.
 * @param order read `forUpdate`: it is not cancelled meanwhile, so the money is not forgotten
 */
export async function markPaid(tx: UnitOfWork, order: Order, payment_id: number): Promise<void> {
  const unpaid = { id: order.id, is_paid: false };
  const { affected } = await tx.rows.update(Order, unpaid, { is_paid: true, payment_id });
  if (affected !== 1) return;
  tx.record(OrderPaid.of({ ...factsOf(order, await itemsOf(tx, order)), payment_id }));
}
