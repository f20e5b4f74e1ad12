import { cents, difference, faultsOfTheReports, faultsOfTheStocks } from './books-sums';
import { readAll } from './shop-process';

interface Line {
  product_id: number;
  quantity: number;
  unit_price: number | string;
}

/** The members that any of the events has. */
export interface Fact {
  id: number;
  order_id: number;
  payment_id: number;
  user_id: number | null;
  user_email?: string;
  email?: string;
  total_amount: string;
  items: Line[];
  product_id: number;
  quantity: number;
  previous_quantity: number;
  payment_link: string;
  is_paid: boolean;
  reason: string;
}

export interface BookEvent {
  position: number;
  id: string;
  type: string;
  stream: string;
  version: number;
  data: Fact;
}

export interface Order {
  id: number;
  user_id: number | null;
  total_amount: number;
  items: Line[];
  payment_link: string | null;
  is_paid: boolean;
}

interface Payment {
  id: number;
  order_id: number;
  total_amount: number;
  is_paid: boolean;
  state: string;
}

interface Email {
  event_id: string;
  template: string;
  recipient: string;
  state: string;
}

export interface Books {
  events: BookEvent[];
  orders: Order[];
  payments: Payment[];
  emails: Email[];
}

/** What coolriel has to say about each event, and to whom. */
export const TOLD: Record<string, { template: string; to: (fact: Fact) => string | undefined }> = {
  UserCreated: { template: 'welcome', to: ({ email }) => email },
  UserDeleted: { template: 'goodbye', to: ({ email }) => email },
  OrderConfirmed: { template: 'order-confirmation', to: ({ user_email }) => user_email },
  OrderPaid: { template: 'payment-receipt', to: ({ user_email }) => user_email },
  OrderCancelled: { template: 'order-cancellation', to: ({ user_email }) => user_email },
  PaymentRefunded: { template: 'refund', to: ({ user_email }) => user_email },
};

/** The lives that an order may have had. What lies between is not for the store to say. */
const LIVES = new Set([
  'OrderCreated',
  'OrderCreated OrderConfirmed',
  'OrderCreated OrderConfirmed OrderPaid',
  'OrderCreated OrderCancelled',
  'OrderCreated OrderConfirmed OrderCancelled',
  'OrderCreated OrderConfirmed OrderPaid OrderCancelled',
  'OrderCreated OrderCancelled PaymentRejected',
  'OrderCreated OrderConfirmed OrderCancelled PaymentRejected',
]);

const byStream = (events: BookEvent[]): Map<string, BookEvent[]> => Map.groupBy(events, ({ stream }) => stream);
const isOrder = ([stream]: [string, BookEvent[]]): boolean => stream.startsWith('order-');

export async function readBooks({ store, payments, coolriel }: Places): Promise<Books> {
  return {
    events: await readAll<BookEvent>(`${store}/events`),
    orders: await readAll<Order>(`${store}/orders`),
    payments: await readAll<Payment>(`${payments}/payments`),
    emails: await readAll<Email>(`${coolriel}/emails`),
  };
}

interface Places {
  store: string;
  payments: string;
  coolriel: string;
}

/**
 * Where the tables, the log, the payments, the reports and the mailbox of a shop at rest do not say the same. Empty when
 * what was committed was delivered, with one effect.
 */
export async function faultsOfTheBooks(shop: Places): Promise<string[]> {
  const books = await readBooks(shop);
  return [
    ...faultsOfTheLog(books),
    ...faultsOfTheOrders(books),
    ...faultsOfThePayments(books),
    ...faultsOfTheMailbox(books),
    ...(await faultsOfTheStocks(shop.store, books)),
    ...(await faultsOfTheReports(shop.store, books)),
  ];
}

const faultsOfTheLog = ({ events }: Books): string[] => [
  ...events.flatMap(({ position }, index) =>
    position === index + 1 ? [] : [`position ${position} is place ${index + 1}`],
  ),
  ...[...byStream(events)].flatMap(([stream, story]) =>
    story.flatMap(({ version }, index) =>
      version === index + 1 ? [] : [`${stream} has version ${version}, out of order`],
    ),
  ),
];

function faultsOfTheOrders({ events, orders }: Books): string[] {
  const expected: string[] = [];
  const faults: string[] = [];
  for (const [stream, story] of [...byStream(events)].filter(isOrder)) {
    const types = story.map(({ type }) => type);
    if (!LIVES.has(types.join(' '))) faults.push(`${stream} has had a strange life: ${types.join(' ')}`);
    if (types.includes('OrderCancelled')) continue;
    const { id, total_amount, items } = story[0].data;
    const confirmed = story.find(({ type }) => type === 'OrderConfirmed')?.data;
    expected.push(
      told({
        id,
        total: cents(total_amount),
        items,
        link: confirmed?.payment_link ?? null,
        paid: types.includes('OrderPaid'),
      }),
    );
    if (!confirmed) faults.push(`${stream} was never confirmed`);
  }
  const found = orders.map(({ id, total_amount, items, payment_link, is_paid }) =>
    told({ id, total: cents(total_amount), items, link: payment_link, paid: is_paid }),
  );
  return [...faults, ...difference('order', expected, found)];
}

const told = ({
  id,
  total,
  items,
  link,
  paid,
}: {
  id: number;
  total: number;
  items: Line[];
  link: string | null;
  paid: boolean;
}): string =>
  `${id}: ${items.map((line) => `${line.quantity} × ${line.product_id} at ${cents(line.unit_price)}`).join(', ')} = ${total}, ${link}, ${paid ? 'paid' : 'open'}`;

/** Money stays where the store took it, and nowhere else. */
function faultsOfThePayments({ events, payments }: Books): string[] {
  const streams = byStream(events);
  const expected = [...streams].filter(isOrder).map(([stream, story]) => {
    const of = (type: string): BookEvent | undefined => story.find((event) => event.type === type);
    const { id, total_amount } = story[0].data;
    const refunded = of('PaymentRejected') ?? (of('OrderCancelled')?.data.is_paid ? of('OrderCancelled') : undefined);
    const state = refunded ? 'refunded' : of('OrderCancelled') ? 'cancelled' : of('OrderPaid') ? 'paid' : 'requested';
    return `${stream} (${id}): ${cents(total_amount)} ${state}`;
  });
  const found = payments.map(
    ({ order_id, total_amount, state }) => `order-${order_id} (${order_id}): ${cents(total_amount)} ${state}`,
  );
  const faults = payments.flatMap(({ id, state, is_paid }) => {
    // A payment that was asked for by a call is told of again when its order comes.
    const types = (streams.get(`payment-${id}`) ?? [])
      .map(({ type }) => type)
      .join(' ')
      .replace('PaymentRequested PaymentRequested', 'PaymentRequested');
    const life: Record<string, string> = {
      requested: 'PaymentRequested',
      cancelled: 'PaymentRequested',
      paid: 'PaymentRequested PaymentReceived',
      refunded: 'PaymentRequested PaymentReceived PaymentRefunded',
    };
    return types === life[state] && is_paid === (state === 'paid')
      ? []
      : [`payment ${id} is ${state}, ${is_paid}, after ${types}`];
  });
  return [...faults, ...difference('payment', expected, found)];
}

function faultsOfTheMailbox({ events, emails }: Books): string[] {
  const expected = events.flatMap(({ id, type, data }) => {
    const recipient = TOLD[type]?.to(data);
    return recipient ? [`${type} ${id}: ${TOLD[type].template} to ${recipient}, sent`] : [];
  });
  const types = new Map(events.map(({ id, type }) => [id, type]));
  const found = emails.map(
    ({ event_id, template, recipient, state }) =>
      `${types.get(event_id)} ${event_id}: ${template} to ${recipient}, ${state}`,
  );
  return difference('e-mail', expected, found);
}
