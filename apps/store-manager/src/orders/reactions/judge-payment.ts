import { OrderCancelled, type PaymentReceived, PaymentRejected, toAmount } from '@magasin/contracts';
import { forUpdate, type UnitOfWork } from '@magasin/event-log';
import { markPaid } from '../mark-paid';
import { Order } from '../order';

type Customer = Pick<PaymentRejected, 'user_name' | 'user_email'>;

/** Takes the money for the order, or says why not: payments gives it back then. */
export async function judgePayment(tx: UnitOfWork, payment: PaymentReceived): Promise<void> {
  const { id, order_id, total_amount } = payment;
  const order = await tx.rows.findOne(Order, { where: { id: order_id }, ...forUpdate(tx.rows) });
  if (!order) return judgeWithoutOrder(tx, payment);
  if (toAmount(order.total_cents) !== total_amount) return reject(tx, payment, 'wrong-amount', order);
  // There is one payment of an order. Of a second one nobody knows what is right: a person has to look.
  if (order.is_paid && order.payment_id !== id) {
    throw new Error(`The order ${order_id} is paid by the payment ${order.payment_id}, and now by ${id} too.`);
  }
  await markPaid(tx, order, id);
}

async function judgeWithoutOrder(tx: UnitOfWork, payment: PaymentReceived): Promise<void> {
  const page = { stream: `order-${payment.order_id}`, types: [OrderCancelled.name], limit: 1, newestFirst: true };
  const [last] = (await tx.history.page(page)).events;
  if (!last) return reject(tx, payment, 'unknown-order', {});
  const cancelled = JSON.parse(last.payload) as OrderCancelled;
  // It was known to be paid, by a call that was quicker than this event: the money went back with the order.
  if (!cancelled.is_paid) reject(tx, payment, 'paid-after-cancelled', cancelled);
}

function reject(
  tx: UnitOfWork,
  { id, order_id, total_amount }: PaymentReceived,
  reason: PaymentRejected['reason'],
  { user_name, user_email }: Customer,
): void {
  tx.record(PaymentRejected.of({ payment_id: id, order_id, total_amount, reason, user_name, user_email }));
}
