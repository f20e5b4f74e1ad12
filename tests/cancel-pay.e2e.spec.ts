import { setTimeout as delay } from 'node:timers/promises';
import { type BookEvent, faultsOfTheBooks, type Order, readBooks } from './books';
import { ask, eventually, openShop, type TestShop } from './shop';

const ORDERS = 200;
const PAYING_MS = 100;
/** Some of the orders are known to be paid by then, and some not yet. */
const LATER_MS = 3_000;
const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2099-01-05' };

describe('Cancelling and paying at once', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  const order = async (user_id: number): Promise<number> => {
    const items = [{ product_id: 1, quantity: 2 }];
    return (await shop.post<{ order_id: number }>('/orders', { user_id, items })).body.order_id;
  };
  const linkOf = async (id: number): Promise<string> => {
    let link: string | null = null;
    await eventually(async () => {
      link = (await shop.get<Order>(`/orders/${id}`)).body.payment_link;
      expect(link).not.toBeNull();
    });
    return link!;
  };

  it(`ends for each of ${ORDERS} orders in one of two honest outcomes, in both apps and in the mailbox`, async () => {
    const ids = await Promise.all(Array.from({ length: ORDERS }, (_, index) => order((index % 3) + 1)));
    const links = await Promise.all(ids.map(linkOf));

    const outcomes = await Promise.all(
      ids.map(async (id, index) => {
        const [cancelled, paid] = await Promise.all([
          delay(Math.random() * (index % 2 === 0 ? PAYING_MS : LATER_MS)).then(() => shop.delete(`/orders/${id}`)),
          delay(Math.random() * PAYING_MS).then(() => ask(links[index], 'POST', CARD)),
        ]);
        expect(cancelled.status).toBe(200);
        expect([200, 409]).toContain(paid.status);
        return { id, charged: paid.status === 200 };
      }),
    );

    await eventually(async () => expect(await faultsOfTheBooks(shop)).toEqual([]));
    const { orders, payments, events } = await readBooks(shop);
    expect(orders).toEqual([]);
    // Charged and given back, or never charged.
    const states = new Map(payments.map(({ order_id, state }) => [order_id, state]));
    expect(outcomes.map(({ id }) => states.get(id))).toEqual(
      outcomes.map(({ charged }) => (charged ? 'refunded' : 'cancelled')),
    );
    const refunds = events.filter(({ type }) => type === 'PaymentRefunded');
    expect(refunds).toHaveLength(outcomes.filter(({ charged }) => charged).length);
    const reasons = Map.groupBy(refunds, ({ data }: BookEvent) => data.reason);
    process.stdout.write(
      `${ORDERS} cancelled and paid at once: ${ORDERS - refunds.length} not charged, ` +
        `${[...reasons].map(([reason, { length }]) => `${length} given back (${reason})`).join(', ')}\n`,
    );
  }, 300_000);
});
