import { setTimeout as delay } from 'node:timers/promises';
import { faultsOfTheBooks, type Order, readBooks } from './books';
import { ask, type Said } from './customers';
import { eventually, shopFolder, ShopProcess } from './shop-process';

const ROUNDS = 12;
const CLIENTS = 8;
const PAID_AT_LEAST = 40;
/** In one round. By the clock, a busy machine would be killed before it has sold anything. */
const WRITTEN_AT_MOST = 60;
const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2099-01-05' };

describe('A shop that is killed while it sells', () => {
  const { folder, remove } = shopFolder();
  afterAll(remove);
  const kept = new Set<number>();
  const paid = new Set<number>();
  const cancelled = new Set<number>();
  /** Asked to be cancelled, and nobody has answered. */
  const doubtful = new Set<number>();

  /** So many requests to change something were answered. */
  let written = 0;

  const write: typeof ask = async (...request) => {
    const answer = await ask<never>(...request);
    if (answer) written += 1;
    return answer;
  };

  /** One customer: orders, waits for the link, pays or thinks better of it. False when the shop has died. */
  const buy = async (store: string, user_id: number): Promise<boolean> => {
    const items = [
      { product_id: 1, quantity: 1 },
      { product_id: 2, quantity: 2 },
    ];
    const made = await write<{ order_id: number }>(`${store}/orders`, 'POST', { user_id, items });
    if (!made) return false;
    // Sold out, after a while.
    if (made.status === 409) return true;
    expect(made.status).toBe(201);
    const { order_id } = made.body;
    kept.add(order_id);
    if (Math.random() < 0.2) return cancel(store, order_id);
    let order: Said<Order> | undefined;
    do {
      await delay(10);
      order = await ask<Order>(`${store}/orders/${order_id}`, 'GET');
    } while (order?.status === 200 && order.body.payment_link === null);
    if (!order) return false;
    const answer = await write(order.body.payment_link!, 'POST', CARD);
    if (!answer) return false;
    expect(answer.status).toBe(200);
    paid.add(order_id);
    return Math.random() < 0.2 ? cancel(store, order_id) : true;
  };

  const cancel = async (store: string, order_id: number): Promise<boolean> => {
    doubtful.add(order_id);
    const answer = await write(`${store}/orders/${order_id}`, 'DELETE');
    if (!answer) return false;
    expect(answer.status).toBe(200);
    doubtful.delete(order_id);
    cancelled.add(order_id);
    return true;
  };

  it(`agrees in all its books after ${ROUNDS} kills at random moments and more`, async () => {
    let rounds = 0;
    for (; rounds < ROUNDS || paid.size < PAID_AT_LEAST; rounds++) {
      const shop = await ShopProcess.start(folder);
      const customers = Array.from({ length: CLIENTS }, async (_, index) => {
        while (await buy(shop.store, (index % 3) + 1));
      });
      const enough = written + Math.random() * WRITTEN_AT_MOST;
      while (written < enough && shop.child.exitCode === null) await delay(1);
      await delay(Math.random() * 20);
      await shop.end('SIGKILL');
      await Promise.all(customers);
    }

    const shop = await ShopProcess.start(folder);
    await eventually(async () => expect(await faultsOfTheBooks(shop)).toEqual([]), 120_000);
    const { events, orders } = await readBooks(shop);
    const there = new Map(orders.map((order) => [order.id, order]));
    const story = (id: number): string[] =>
      events.filter(({ stream }) => stream === `order-${id}`).map(({ type }) => type);
    expect([...kept].filter((id) => !there.has(id) && !cancelled.has(id) && !doubtful.has(id))).toEqual([]);
    expect([...cancelled].filter((id) => there.has(id))).toEqual([]);
    expect([...paid].filter((id) => !/OrderPaid|PaymentRejected/.test(story(id).join()))).toEqual([]);
    expect(await shop.end('SIGTERM')).toBe(0);
    process.stdout.write(
      `killed ${rounds} times: ${kept.size} orders acknowledged, ${paid.size} payments, ${cancelled.size} cancelled; ` +
        `${orders.length} kept\n`,
    );
  }, 1_200_000);
});
