import { type OrderCreated, PaymentRequested, toCents } from '@magasin/contracts';
import { forUpdate, isUniqueViolation, type UnitOfWork } from '@magasin/event-log';
import { factsOf, linkOf, Payment } from '../payment';

/**
 * Makes the payment of an order, or takes the one that somebody has asked for before: the order is right about the amount
 * and the user, except of what has been paid. It tells of the link in any case: who asked before may have been told
 * nothing of it, since there was no order then. Money that came before the order and was given back can come again.
 */
export async function requestForOrder(tx: UnitOfWork, order: OrderCreated, linkBase: string): Promise<void> {
  const { id: order_id, user_id, total_amount } = order;
  const cents = toCents(total_amount)!;
  const found = await lockedFor(tx, order_id);
  if (found && found.order_cents !== null) return;
  if (found?.state === 'paid') {
    // What was charged stays as it was. Whether it is enough is for the store to say.
    await tx.rows.update(Payment, { order_id }, { user_id, order_cents: cents });
    return;
  }
  const facts = { user_id, total_cents: cents, order_cents: cents, state: 'requested' as const };
  if (found) await tx.rows.update(Payment, { order_id }, facts);
  else {
    try {
      await tx.rows.insert(Payment, { order_id, ...facts, created_at: Date.now() });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // Somebody has asked for it this very moment.
      return requestForOrder(tx, order, linkBase);
    }
  }
  const payment = await tx.rows.findOneByOrFail(Payment, { order_id });
  tx.record(PaymentRequested.of({ ...factsOf(payment), payment_link: linkOf(linkBase, payment.id) }));
}

/** Nobody pays it while it is decided what it costs. */
const lockedFor = (tx: UnitOfWork, order_id: number): Promise<Payment | null> =>
  tx.rows.findOne(Payment, { where: { order_id }, ...forUpdate(tx.rows) });
