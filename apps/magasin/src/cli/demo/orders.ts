import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Reply } from './caller';
import { cancelOrder, type Day, expected, Strange } from './day';
import { type AskedOrder, type AskedUser, centsOf, type Line } from './ledger';
import type { Fate } from './plan';

/** The test card of the lab's clients. */
const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2030-01-05' };
const SEEN_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 30;
/** More than anybody has of anything. */
const TOO_MANY = 1_000_000;

export interface OrderView {
  id: number;
  user_id: number | null;
  total_amount: number;
  items: { product_id: number; quantity: number; unit_price: number }[];
  payment_link: string | null;
  is_paid: boolean;
}

/** What one order goes through, from asking for it to its end. */
export const play: Record<Fate, (day: Day, user: AskedUser, lines: Line[]) => Promise<void>> = {
  async open(day, user, lines) {
    await seenConfirmed(day, await place(day, user, lines));
  },
  /** Paid as the customer does it, who opens the link. */
  async link(day, user, lines) {
    const order = await place(day, user, lines);
    await pay(day, order, await seenConfirmed(day, order));
    await seenPaid(day, order);
  },
  /** Paid by a client who asks payments itself, and does not wait for the link. */
  async api(day, user, lines) {
    const order = await place(day, user, lines);
    const body = { user_id: user.id, order_id: order.id, total_amount: centsOf(order) / 100 };
    const reply = await day.caller.post<{ payment_id: number }>(`${day.at.payments}/payments`, body);
    const { payment_id } = expected(reply, `POST /payments for order ${order.id}`, 200, 201);
    await pay(day, order, `${day.at.payments}/payments/process/${payment_id}`);
    await seenPaid(day, order);
  },
  /** Told twice that it is paid, by the call that payments makes in \`sync\`; and it can not be unpaid. */
  async put(day, user, lines) {
    const order = await place(day, user, lines);
    await pay(day, order, await seenConfirmed(day, order));
    await put(day, order, true, 200);
    await seenPaid(day, order);
    await put(day, order, false, 409);
  },
  /** Asked for twice at once with one key, which is one order. */
  async twice(day, user, lines) {
    const key = randomUUID();
    const [first, second] = await Promise.all([ask(day, user, lines, key), ask(day, user, lines, key)]);
    const order = note(day, user, lines, first);
    const { order_id } = expected(second, `POST /orders with the key of order ${order.id}`, 201);
    if (order_id !== order.id)
      throw new Strange(`POST /orders with one key made the orders ${order.id} and ${order_id}`);
    await seenConfirmed(day, order);
  },
  async cancelled(day, user, lines) {
    const order = await place(day, user, lines);
    await seenConfirmed(day, order);
    await cancelOrder(day, order);
  },
  /** Cancelled before anybody can have asked for the money. */
  async hasty(day, user, lines) {
    await cancelOrder(day, await place(day, user, lines));
  },
  async refunded(day, user, lines) {
    const order = await place(day, user, lines);
    await pay(day, order, await seenConfirmed(day, order));
    await seenPaid(day, order);
    await cancelOrder(day, order);
  },
  /** Paid and cancelled at the same moment: whoever comes first, no money is kept for an order that is gone. */
  async raced(day, user, lines) {
    const order = await place(day, user, lines);
    const link = await seenConfirmed(day, order);
    const [paid] = await Promise.all([charge(day, link), cancelOrder(day, order)]);
    expected(paid, `POST ${link} while order ${order.id} is cancelled`, 200, 409);
    order.charged = paid.status === 200 || (paid.again && (await wasRefunded(day, link)));
  },
  async short(day, user, [line, ...others]) {
    const reply = await ask(day, user, [...others, { ...line, quantity: TOO_MANY }]);
    const { type } = reply.body;
    expected(reply, `POST /orders for ${TOO_MANY} of product ${line.product_id}`, 409);
    if (type !== 'urn:magasin:stock-too-low') throw new Strange(`Too little in stock is called ${type}`);
    day.ledger.short += 1;
  },
};

const ask = (
  { at, caller }: Day,
  { id }: AskedUser,
  lines: Line[],
  key?: string,
): Promise<Reply<{ order_id: number }>> =>
  caller.post(
    `${at.store}/orders`,
    { user_id: id, items: lines.map(({ product_id, quantity }) => ({ product_id, quantity })) },
    key,
  );

function note({ ledger }: Day, user: AskedUser, lines: Line[], reply: Reply<{ order_id: number }>): AskedOrder {
  const { order_id: id } = expected(reply, `POST /orders for user ${user.id}`, 201);
  const { id: user_id, email: user_email } = user;
  const order: AskedOrder = { id, user_id, user_email, lines, state: 'open', charged: false, confirmed: false };
  ledger.orders.push(order);
  return order;
}

const place = async (day: Day, user: AskedUser, lines: Line[]): Promise<AskedOrder> =>
  note(day, user, lines, await ask(day, user, lines));

const charge = ({ caller }: Day, link: string): Promise<Reply<{ is_paid: boolean }>> => caller.post(link, CARD);

async function pay(day: Day, order: AskedOrder, link: string): Promise<void> {
  const { is_paid } = expected(await charge(day, link), `POST ${link} for order ${order.id}`, 200);
  if (!is_paid) throw new Strange(`POST ${link} was answered 200 without "is_paid": true`);
  order.charged = true;
  order.state = 'paid';
}

/** When the answer was lost, it may have been charged before the order was gone, and refunded before it was asked again. */
async function wasRefunded({ at, caller }: Day, link: string): Promise<boolean> {
  const path = `/payments/${link.split('/').at(-1)}`;
  const { state } = expected(await caller.get<{ state: string }>(at.payments + path), `GET ${path}`, 200);
  return state === 'refunded';
}

async function put({ at, caller }: Day, order: AskedOrder, is_paid: boolean, status: number): Promise<void> {
  const reply = await caller.put(`${at.store}/orders`, { order_id: order.id, is_paid });
  expected(reply, `PUT /orders ${order.id} with "is_paid": ${is_paid}`, status);
}

/** @returns the link where it is paid */
async function seenConfirmed(day: Day, order: AskedOrder): Promise<string> {
  const { payment_link } = await seen(day, order, 'a payment link', (view) => Boolean(view.payment_link));
  order.confirmed = true;
  return payment_link!;
}

const seenPaid = (day: Day, order: AskedOrder): Promise<OrderView> =>
  seen(day, order, '"is_paid": true', (view) => view.is_paid);

/** Events bring it: moments later it is there. */
async function seen({ at, caller }: Day, { id }: AskedOrder, what: string, is: (view: OrderView) => boolean) {
  for (const until = Date.now() + SEEN_WITHIN_MS; ;) {
    const view = expected(await caller.get<OrderView>(`${at.store}/orders/${id}`), `GET /orders/${id}`, 200);
    if (is(view)) return view;
    if (Date.now() > until) throw new Strange(`Order ${id} had not got ${what} after a minute`);
    await delay(LOOK_AGAIN_MS);
  }
}
