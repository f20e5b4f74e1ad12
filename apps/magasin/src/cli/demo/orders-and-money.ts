import { toAmount, toCents } from '@magasin/contracts';
import type { Evidence, PaymentView } from './evidence';
import { type AskedOrder, centsOf, type Ledger, paymentStateOf, sum } from './ledger';
import type { OwnLog } from './log';
import { compared, type Row, unlike } from './row';

export function compareOrders(ledger: Ledger, { log, orders: table, emails }: Evidence): Row[] {
  const { orders } = ledger;
  const made = log.of('OrderCreated');
  const paid = new Set(log.of('OrderPaid').map(({ data }) => data.id));
  const gone = new Set(log.of('OrderCancelled').map(({ data }) => data.id));
  const sent = (template: string): number =>
    emails.filter((email) => email.template === template && email.state === 'sent').length;
  const inState = (state: AskedOrder['state']): number => orders.filter((order) => order.state === state).length;
  const views = [...table.values()];
  const unasked = made
    .filter(({ data }) => !orders.some(({ id }) => id === data.id))
    .map(({ data }) => `order ${data.id}: made, and nobody was told so`);

  return [
    compared('orders made', { asked: orders.length, log: made.length }, [
      ...unasked,
      ...orders.flatMap((order) => storyOf(order, log)),
    ]),
    compared('orders confirmed', { log: log.of('OrderConfirmed').length, mailbox: sent('order-confirmation') }),
    compared('receipts for orders', { log: log.of('OrderPaid').length, mailbox: sent('payment-receipt') }),
    compared(
      'orders to be paid',
      {
        asked: inState('open'),
        tables: views.filter((view) => view && !view.is_paid).length,
        log: made.filter(({ data }) => !paid.has(data.id) && !gone.has(data.id)).length,
      },
      orders.filter(({ state }) => state === 'open').flatMap((order) => rowOf(ledger, order, table.get(order.id))),
    ),
    compared(
      'orders paid',
      {
        asked: inState('paid'),
        tables: views.filter((view) => view?.is_paid).length,
        log: made.filter(({ data }) => paid.has(data.id) && !gone.has(data.id)).length,
      },
      orders.filter(({ state }) => state === 'paid').flatMap((order) => rowOf(ledger, order, table.get(order.id))),
    ),
    compared('orders cancelled', {
      asked: inState('cancelled'),
      tables: views.filter((view) => !view).length,
      log: log.of('OrderCancelled').length,
      mailbox: sent('order-cancellation'),
    }),
  ];
}

/** What the log must tell of an order, and how often. */
function storyOf(order: AskedOrder, log: OwnLog): string[] {
  const { id, user_email, lines, state, charged, confirmed } = order;
  const created = log.of('OrderCreated').find(({ data }) => data.id === id)?.data;
  const asked = { user_email, total_amount: toAmount(centsOf(order)), items: shortened(lines) };
  const told = created && {
    ...created,
    items: shortened(created.items!.map((line) => ({ ...line, price_cents: toCents(line.unit_price)! }))),
  };
  const times = (type: string): number => log.times(type, id);
  const cancelled = Number(state === 'cancelled');
  const wrong = (what: string, is: number, should: number | number[]): string[] =>
    [should].flat().includes(is) ? [] : [`order ${id}: ${what} stands ${is} times in the log`];
  return [
    ...unlike(`order ${id}`, asked, told, 'the log'),
    ...wrong('OrderCreated', times('OrderCreated'), 1),
    ...wrong('OrderConfirmed', times('OrderConfirmed'), confirmed ? 1 : [0, 1]),
    ...wrong('OrderCancelled', times('OrderCancelled'), cancelled),
    // It is told once more when the order comes after somebody has asked for its payment.
    ...wrong('PaymentRequested', times('PaymentRequested'), [1, 2]),
    ...wrong('PaymentReceived', times('PaymentReceived'), Number(charged)),
    // Money that came in time, or money that came too late.
    ...wrong('OrderPaid or PaymentRejected', times('OrderPaid') + times('PaymentRejected'), Number(charged)),
    ...wrong('PaymentRefunded', times('PaymentRefunded'), Number(charged) * cancelled),
  ];
}

const shortened = (lines: AskedOrder['lines']): string[] =>
  lines
    .toSorted((a, b) => a.product_id - b.product_id)
    .map(({ product_id, quantity, price_cents }) => `${quantity} of ${product_id} for ${toAmount(price_cents)}`);

function rowOf(
  { users }: Ledger,
  order: AskedOrder,
  view: Evidence['orders'] extends Map<number, infer V> ? V : never,
) {
  const { id, user_id, lines, state, confirmed } = order;
  const buyer = users.find((user) => user.id === user_id);
  const asked = {
    user_id: buyer?.deleted ? null : user_id,
    total_cents: centsOf(order),
    items: shortened(lines),
    is_paid: state === 'paid',
    ...(confirmed && { has_link: true }),
  };
  const told = view && {
    user_id: view.user_id,
    total_cents: toCents(view.total_amount),
    items: shortened(view.items.map((line) => ({ ...line, price_cents: toCents(line.unit_price)! }))),
    is_paid: view.is_paid,
    has_link: Boolean(view.payment_link),
  };
  return unlike(`order ${id}`, asked, told, 'the table');
}

const STATES = { requested: 'payments open', paid: 'payments kept', cancelled: 'payments cancelled' } as const;

export function compareMoney({ orders }: Ledger, { log, payments: table, emails }: Evidence): Row[] {
  const payments = [...table.values()].filter((payment) => payment !== undefined);
  const byOrder = new Map<number, PaymentView>(payments.map((payment) => [payment.order_id, payment]));
  const wrong = orders.flatMap((order) => {
    const state = paymentStateOf(order);
    const asked = { state, is_paid: state === 'paid', cents: centsOf(order) };
    const payment = byOrder.get(order.id);
    const told = payment && { ...payment, cents: toCents(payment.total_amount) };
    return unlike(`payment ${payment?.id ?? ''} of order ${order.id}`, asked, told, 'the table');
  });
  const asked = (state: string): AskedOrder[] => orders.filter((order) => paymentStateOf(order) === state);
  const inTable = (state: string): PaymentView[] => payments.filter((payment) => payment.state === state);
  const received = log.of('PaymentReceived');
  const refunded = log.of('PaymentRefunded');
  const kept = sum(received.map(centsIn)) - sum(refunded.map(centsIn));
  return [
    compared('payments made', { asked: orders.length, tables: payments.length, log: log.idsOf('payment').length }, [
      ...wrong,
    ]),
    ...Object.entries(STATES).map(([state, what]) =>
      compared(what, {
        asked: asked(state).length,
        tables: inTable(state).length,
        ...(state === 'paid' && { log: received.length - refunded.length }),
      }),
    ),
    compared('payments given back', {
      asked: asked('refunded').length,
      tables: inTable('refunded').length,
      log: refunded.length,
      mailbox: emails.filter(({ template, state }) => template === 'refund' && state === 'sent').length,
    }),
    compared('money kept', {
      asked: sum(asked('paid').map(centsOf)) / 100,
      tables: sum(inTable('paid').map(({ total_amount }) => toCents(total_amount)!)) / 100,
      log: kept / 100,
    }),
  ];
}

const centsIn = ({ data }: { data: { total_amount?: string } }): number => toCents(data.total_amount!)!;
