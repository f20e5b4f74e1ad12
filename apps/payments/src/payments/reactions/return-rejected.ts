import { type PaymentRejected, PaymentRequested, toCents } from '@magasin/contracts';
import type { UnitOfWork } from '@magasin/event-log';
import { factsOf, linkOf, Payment } from '../payment';
import { refund } from './refund';

/**
 * Gives back what the store did not take: that very amount, so that an old rejection does not touch what was paid since.
 * When it was not what the order costs, the order can be paid again, now with the right amount.
 */
export async function returnRejected(tx: UnitOfWork, rejected: PaymentRejected, linkBase: string): Promise<void> {
  const { payment_id: id, total_amount, reason, user_name, user_email } = rejected;
  const refunded = await refund(tx, { id, total_cents: toCents(total_amount) }, { reason, user_name, user_email });
  if (!refunded || reason !== 'wrong-amount') return;
  const payment = await tx.rows.findOneByOrFail(Payment, { id });
  if (payment.order_cents === null) return;
  const reopened = { state: 'requested' as const, total_cents: payment.order_cents };
  await tx.rows.update(Payment, { id }, reopened);
  tx.record(PaymentRequested.of({ ...factsOf({ ...payment, ...reopened }), payment_link: linkOf(linkBase, id) }));
}
