import { cents } from '../books-sums';

interface User {
  id: number;
  name: string;
  email: string;
  user_type_id: number;
}

interface Item {
  order_id: number;
  product_id: number;
  name: string;
  quantity: number;
  unit_price_cents: number;
}

interface Order {
  id: number;
  user_id: number | null;
  user_name: string;
  user_email: string;
  total_cents: number;
  payment_id: number | null;
  payment_link: string | null;
  is_paid: number;
}

interface Payment {
  id: number;
  order_id: number;
  user_id: number | null;
  total_cents: number;
  state: 'requested' | 'paid' | 'cancelled' | 'refunded';
  order_cents: number | null;
}

/** The members that any of the events has. */
export interface Told {
  id: number;
  name: string;
  email: string;
  user_type_id: number;
  sku: string;
  price: string;
  product_id: number;
  quantity: number;
  user_id: number | null;
  user_name: string;
  user_email: string;
  total_amount: string;
  items: { product_id: number; name: string; quantity: number; unit_price: string }[];
  order_id: number;
  payment_id: number;
  payment_link: string;
}

/** The state before the first event. */
export const FIRST_USERS: User[] = [
  { id: 1, name: 'Ada Lovelace', email: 'alovelace@example.com', user_type_id: 1 },
  { id: 2, name: 'Adele Goldberg', email: 'agoldberg@example.com', user_type_id: 1 },
  { id: 3, name: 'Alan Turing', email: 'aturing@example.com', user_type_id: 1 },
  { id: 4, name: 'Jane Doe', email: 'jdoe@magasinducoin.ca', user_type_id: 2 },
  { id: 5, name: 'Da Boss', email: 'dboss@magasinducoin.ca', user_type_id: 3 },
];
const FIRST_PRODUCTS: [name: string, sku: string, cents: number, units: number][] = [
  ['Laptop ABC', 'LP12567', 199_999, 1000],
  ['Keyboard DEF', 'KB67890', 5_950, 500],
  ['Gadget XYZ', 'GG12345', 575, 2],
  ['27-inch Screen WYZ', 'SC27289', 29_975, 90],
];

const byId = <T extends { id: number }>(rows: T[]): Map<number, T> => new Map(rows.map((row) => [row.id, row]));

/** The shop as its log tells it, event by event: what its tables must say, too, when it is at rest. */
export class ToldShop {
  readonly users = byId(FIRST_USERS);
  /** Ids of users who were deleted once. */
  readonly left = new Set<number>();
  readonly products = byId(
    FIRST_PRODUCTS.map(([name, sku, price_cents], index) => ({ id: index + 1, name, sku, price_cents })),
  );
  readonly stocks = new Map(FIRST_PRODUCTS.map(([, , , units], index) => [index + 1, units]));
  readonly orders = new Map<number, Order>();
  readonly items = new Map<number, Item[]>();
  /** By order: each has one. */
  readonly payments = new Map<number, Payment>();
  /** What each order said when it was made, also of those that are gone. */
  private readonly ordered = new Map<number, { cents: number; user_id: number | null }>();

  take(type: string, told: Told): void {
    this.acts[type]?.(told);
  }

  private move(items: Pick<Item, 'product_id' | 'quantity'>[], sign: 1 | -1): void {
    for (const { product_id, quantity } of items) {
      this.stocks.set(product_id, (this.stocks.get(product_id) ?? 0) + sign * quantity);
    }
  }

  private readonly acts: Record<string, (told: Told) => void> = {
    UserCreated: ({ id, name, email, user_type_id }) => this.users.set(id, { id, name, email, user_type_id }),
    UserDeleted: ({ id }) => {
      this.users.delete(id);
      this.left.add(id);
      for (const order of this.orders.values()) if (order.user_id === id) order.user_id = null;
    },
    ProductCreated: ({ id, name, sku, price }) => this.products.set(id, { id, name, sku, price_cents: cents(price) }),
    ProductDeleted: ({ id }) => {
      this.products.delete(id);
      this.stocks.delete(id);
    },
    StockSet: ({ product_id, quantity }) => this.stocks.set(product_id, quantity),
    OrderCreated: ({ id, user_id, user_name, user_email, total_amount, items }) => {
      const total_cents = cents(total_amount);
      const who = { user_id, user_name, user_email };
      this.orders.set(id, { id, ...who, total_cents, payment_id: null, payment_link: null, is_paid: 0 });
      this.items.set(
        id,
        items.map(({ product_id, name, quantity, unit_price }) => {
          return { order_id: id, product_id, name, quantity, unit_price_cents: cents(unit_price) };
        }),
      );
      this.move(items, -1);
      this.ordered.set(id, { cents: total_cents, user_id });
      const payment = this.payments.get(id);
      if (payment) Object.assign(payment, { order_cents: total_cents, user_id });
    },
    OrderConfirmed: ({ id, payment_id, payment_link }) =>
      Object.assign(this.orders.get(id)!, { payment_id, payment_link }),
    OrderPaid: ({ id, payment_id }) => {
      Object.assign(this.orders.get(id)!, { payment_id, is_paid: 1 });
      // Said by PUT /orders: no card is charged for it any more.
      const payment = this.payments.get(id);
      if (payment?.state === 'requested') payment.state = 'paid';
    },
    OrderCancelled: ({ id, items }) => {
      this.orders.delete(id);
      this.items.delete(id);
      this.move(items, 1);
      const payment = this.payments.get(id);
      if (payment?.state === 'requested') payment.state = 'cancelled';
    },
    PaymentRequested: ({ id, order_id, user_id, total_amount }) => {
      const order_cents = this.ordered.get(order_id)?.cents ?? null;
      this.payments.set(order_id, {
        id,
        order_id,
        user_id,
        total_cents: cents(total_amount),
        state: 'requested',
        order_cents,
      });
    },
    PaymentReceived: ({ order_id }) => Object.assign(this.payments.get(order_id)!, { state: 'paid' }),
    PaymentRefunded: ({ order_id }) => Object.assign(this.payments.get(order_id)!, { state: 'refunded' }),
  };
}
