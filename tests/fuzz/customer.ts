import { setTimeout as delay } from 'node:timers/promises';
import type { ShopProcess } from '../shop-process';
import type { Ledger } from './ledger';

/** Of the examples. */
const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2030-01-05' };
const ORDERS = 15;
const LOW = 100;
const NOBODY_WAITS = 1_000;
const PATIENCE_MS = 30_000;

type Item = [product_id: number, quantity: number];

/**
 * Somebody who uses the shop as its documents say: so there is what their examples name, and it is there again when a
 * request has used it up.
 */
export class Customer {
  /** The ids of those that stand for the examples that are gone. */
  private readonly standIns = new Map<string, number>();
  private readonly paidTwice = new Set<number>();
  private count = 0;

  constructor(private readonly shop: ShopProcess) {}

  /** Products 5 and 6, orders and payments as in the examples: payment 6 is of order 7, and was asked for before it. */
  async furnish(): Promise<void> {
    expect([await this.product(), await this.product()]).toEqual([5, 6]);
    const ordered: number[] = [];
    const order = async (user_id: number, ...items: Item[]) => ordered.push(await this.order(user_id, ...items));
    await order(1, [1, 2]);
    for (let n = 2; n <= 5; n++) await order(n, [3 - (n % 2), 1], [4, n]);
    expect(await this.ask('POST', '/payments', { user_id: 1, order_id: 7, total_amount: 2059.49 })).toMatchObject({
      payment_id: 6,
    });
    await order(2, [1, 1]);
    await order(1, [1, 1], [2, 1]);
    while (ordered.length < ORDERS) await order(6 + (ordered.length % 5), [1, 1], [6, 2]);
    // No request comes to it: the products of the examples stay in it.
    await order(3, [1, 1], [2, 1], [5, 1]);
    expect(ordered.at(-1)).toBe(ORDERS + 1);
    for (const id of [2, 9, 12]) await this.pay(id);
    for (const id of [3, 10]) await this.ask('PUT', '/orders', { order_id: id, is_paid: true });
  }

  /**
   * The target as it is to be sent: one of an example that was used up names another of its kind, made for it. What is
   * taken from the stock comes back, too.
   */
  async prepare(method: string, target: string, ledger: Ledger): Promise<string> {
    for (const { product_id, quantity } of ledger.rows('stocks')) {
      if (Number(product_id) <= 2 && Number(quantity) < LOW) {
        await this.ask('POST', '/stocks', { product_id, quantity: 1_000 });
      }
    }
    const slow = /(\/test\/slow\/)(0|[1-9]\d?)(\.\d{1,3})?(?![\d.])/;
    if (slow.test(target)) {
      return target.replace(slow, (_all, path: string, seconds: string) => `${path}${Number(seconds) / NOBODY_WAITS}`);
    }
    const [whole, example, kind] = /^(\/(users|products|orders|payments\/process)\/)6(?=$|[/?#;])/.exec(target) ?? [];
    if (!whole || method === 'GET') return target;
    return target.replace(whole, `${example}${await this.standIn(kind, ledger)}`);
  }

  private async standIn(kind: string, ledger: Ledger): Promise<number> {
    const id = this.standIns.get(kind) ?? 6;
    const table = kind === 'payments/process' ? 'payments' : kind;
    const there = ledger.rows(table).find((row) => row.id === id);
    if (there && (table !== 'payments' || there.state === 'requested')) return id;
    // Once more, when it is paid: then no more is charged.
    if (there?.state === 'paid' && !this.paidTwice.has(id)) {
      this.paidTwice.add(id);
      return id;
    }
    const another = await this.make(table, ledger);
    this.standIns.set(kind, another);
    return another;
  }

  /** One of this kind, in each state by turns. */
  private async make(table: string, ledger: Ledger): Promise<number> {
    const turn = (this.count += 1) % 3;
    const made = ledger.rows('event_log').findLast(({ type }) => type === 'OrderCreated');
    const { id: lastOrder } = JSON.parse(String(made?.payload)) as { id: number };
    if (table === 'products') return this.product(turn > 0);
    if (turn > 0) await this.askEarly(lastOrder + 1, turn === 1);
    if (table === 'payments') return this.paymentOf(await this.order(1, [1, 1]));
    const user = await this.user();
    const order = await this.order(user, [1, 1], [2, 2]);
    if (turn === 1) await this.pay(order);
    if (turn === 2) await this.ask('PUT', '/orders', { order_id: order, is_paid: true });
    if (table === 'orders') {
      if (turn === 1) await this.ask('DELETE', `/users/${user}`);
      return order;
    }
    await this.order(user, [1, 3]);
    return user;
  }

  /** Somebody asks for a payment of the order that comes next, of another amount, and may pay it: it goes back. */
  private async askEarly(order_id: number, paying: boolean): Promise<void> {
    const asked = { user_id: 2, order_id, total_amount: '0.99' };
    const { payment_id } = await this.ask<{ payment_id: number }>('POST', '/payments', asked);
    if (paying) await this.ask('POST', `/payments/process/${payment_id}`, CARD);
  }

  private async user(): Promise<number> {
    const email = `customer${(this.count += 1)}@example.com`;
    return (await this.ask<{ user_id: number }>('POST', '/users', { name: 'Customer', email, user_type_id: 1 }))
      .user_id;
  }

  private async product(counted = true): Promise<number> {
    const product = { name: `Mouse ${(this.count += 1)}`, sku: `MS${this.count}`, price: 24.95 };
    const { product_id } = await this.ask<{ product_id: number }>('POST', '/products', product);
    if (counted) await this.ask('POST', '/stocks', { product_id, quantity: 1_000 });
    return product_id;
  }

  /** Until it has its payment. */
  private async order(user_id: number, ...items: Item[]): Promise<number> {
    const order = { user_id, items: items.map(([product_id, quantity]) => ({ product_id, quantity })) };
    const { order_id } = await this.ask<{ order_id: number }>('POST', '/orders', order);
    await this.paymentOf(order_id);
    return order_id;
  }

  private async pay(order_id: number): Promise<void> {
    await this.ask('POST', `/payments/process/${await this.paymentOf(order_id)}`, CARD);
  }

  private async paymentOf(order_id: number): Promise<number> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const { payment_link } = await this.ask<{ payment_link: string | null }>('GET', `/orders/${order_id}`);
      if (payment_link !== null) return Number(payment_link.split('/').at(-1));
      if (Date.now() > until) throw new Error(`The order ${order_id} does not get its payment.`);
      await delay(2);
    }
  }

  /** @throws when it is refused */
  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const origin = path.startsWith('/payments') ? this.shop.payments : this.shop.store;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(origin + path, { method, ...(body ? { headers, body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
}
