import { type Facts, PaymentRefunded } from '@magasin/contracts';
import { forUpdate, type UnitOfWork } from '@magasin/event-log';
import { factsOf, Payment } from '../payment';

/** Why, and whose money it is. */
type Cause = Pick<Facts<PaymentRefunded>, 'reason' | 'user_name' | 'user_email'>;

/** Gives the money of a paid payment back, once. @returns whether there was any. */
export async function refund(
  tx: UnitOfWork,
  which: Partial<Pick<Payment, 'id' | 'order_id' | 'total_cents'>>,
  cause: Cause,
): Promise<boolean> {
  const payment = await tx.rows.findOne(Payment, { where: { ...which, state: 'paid' }, ...forUpdate(tx.rows) });
  if (!payment) return false;
  await tx.rows.update(Payment, { id: payment.id }, { state: 'refunded' });
  tx.record(PaymentRefunded.of({ ...factsOf(payment), ...cause }));
  return true;
}
