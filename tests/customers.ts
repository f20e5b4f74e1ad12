import { setTimeout as delay } from 'node:timers/promises';
import type { Order } from './books';

const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2099-01-05' };

export interface Said<T> {
  status: number;
  body: T;
}

/** @throws Error when there is no answer */
export async function send<T>(url: string, method = 'GET', body?: unknown): Promise<Said<T>> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, ...(body !== undefined && { headers, body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as T };
}

/** Undefined when the shop died before it answered: it may have been done or not. */
export const ask = <T>(...request: Parameters<typeof send>): Promise<Said<T> | undefined> =>
  send<T>(...request).catch(() => undefined);

/** So many of a product for a user. The id of the order; undefined when it is sold out, or the shop has died. */
export async function order(store: string, user_id: number, quantity = 1): Promise<number | undefined> {
  const items = [{ product_id: 1, quantity }];
  const made = await ask<{ order_id: number }>(`${store}/orders`, 'POST', { user_id, items });
  return made?.status === 201 ? made.body.order_id : undefined;
}

/** Waits for the link of an order; undefined when the order, or the shop, is gone. */
export async function linkOf(store: string, id: number): Promise<string | undefined> {
  for (;;) {
    const found = await ask<Order>(`${store}/orders/${id}`);
    if (found?.status !== 200) return undefined;
    if (found.body.payment_link !== null) return found.body.payment_link;
    await delay(20);
  }
}

export const pay = (link: string) => ask(link, 'POST', CARD);

/** Customers who come, order, pay, and think better of it, until they are called off or the shop dies. */
export class Customers {
  /** Users and orders that the shop has acknowledged. */
  readonly users: number[] = [];
  readonly orders: number[] = [];
  private open = true;
  private readonly all: Promise<void>[];

  constructor(
    private readonly store: string,
    private readonly run: string,
    count = 4,
  ) {
    this.all = Array.from({ length: count }, (_, index) => this.buy(index));
  }

  async callOff(): Promise<void> {
    this.open = false;
    await Promise.all(this.all);
  }

  private async buy(index: number): Promise<void> {
    const { store, run } = this;
    for (let round = 0; this.open; round += 1) {
      const user = { name: 'Grace', email: `${run}-${index}-${round}@example.com`, user_type_id: 1 };
      const made = await ask<{ user_id: number }>(`${store}/users`, 'POST', user);
      if (made?.status !== 201) return;
      this.users.push(made.body.user_id);
      const id = await order(store, made.body.user_id);
      if (id === undefined) continue;
      this.orders.push(id);
      if (round % 4 === 1) await ask(`${store}/orders/${id}`, 'DELETE');
      if (round % 2 === 1) continue;
      const link = await linkOf(store, id);
      if (link) await pay(link);
    }
  }
}
