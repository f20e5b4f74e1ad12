import { type Answer, ask, openShop, readAll, type TestShop } from './shop';

interface Order {
  id: number;
  items: { product_id: number; quantity: number }[];
}

const SCREENS = 4;
const count = (length: number): number[] => Array.from({ length }, (_, index) => index);
const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);

describe('Many clients at once', () => {
  let shop: TestShop;
  beforeEach(async () => {
    shop = await openShop(undefined, { APPS: 'store-manager' });
  });
  afterEach(() => shop.remove());

  const order = (quantity: number, key?: string): Promise<Answer<{ order_id: number }>> => {
    const body = {
      user_id: 1,
      items: [
        { product_id: SCREENS, quantity },
        { product_id: 1, quantity: 1 },
      ],
    };
    return ask(`${shop.store}/orders`, 'POST', body, undefined, key === undefined ? {} : { 'idempotency-key': key });
  };
  const left = async (id: number): Promise<number> =>
    (await shop.get<{ quantity: number }>(`/stocks/${id}`)).body.quantity;
  const orders = (): Promise<Order[]> => readAll<Order>(`${shop.store}/orders`);
  const types = async (): Promise<string[]> => (await shop.events()).map(({ type }) => type);

  it.each([
    ['2 each', count(50).map(() => 2)],
    ['7 each, which does not come out even', count(50).map(() => 7)],
    ['1 to 4', count(50).map((index) => (index % 4) + 1)],
    ['40 or 3', count(50).map((index) => (index % 10 ? 3 : 40))],
  ])('who order the last 90 screens, %s: no more than there are, and the rest hear it', async (_how, asked) => {
    const answers = await Promise.all(asked.map((quantity) => order(quantity)));

    const sold = asked.filter((_quantity, index) => answers[index].status === 201);
    const refused = asked.filter((_quantity, index) => answers[index].status === 409);
    const rest = 90 - sum(sold);
    expect(sold.length + refused.length).toBe(50);
    expect(rest).toBeGreaterThanOrEqual(0);
    // Nobody was refused what there was: the rest is less than the smallest that was refused.
    expect(rest).toBeLessThan(Math.min(...refused));
    expect([await left(SCREENS), await left(1)]).toEqual([rest, 1000 - sold.length]);

    const kept = await orders();
    expect(sum(kept.map(({ items }) => items.find(({ product_id }) => product_id === SCREENS)!.quantity))).toBe(
      90 - rest,
    );
    expect(kept.map(({ id }) => id)).toEqual(
      answers.flatMap(({ status, body }) => (status === 201 ? [body.order_id] : [])).sort((a, b) => a - b),
    );
    expect(await types()).toEqual(sold.map(() => 'OrderCreated'));
  });

  it('who order with one Idempotency-Key make one order, and get one answer', async () => {
    const answers = await Promise.all(count(20).map(() => order(2, '"once"')));

    expect(answers.map(({ status, text }) => `${status} ${text}`)).toEqual(Array(20).fill('201 {"order_id":1}'));
    expect(answers.map(({ headers }) => headers.get('location'))).toEqual(Array(20).fill('/orders/1'));
    expect([await left(SCREENS), (await orders()).length, await types()]).toEqual([88, 1, ['OrderCreated']]);
  });

  it('who were refused by key may try it again, when there is more', async () => {
    const refused = await order(91, '"again"');
    await shop.post('/stocks', { product_id: SCREENS, quantity: 91 });
    const answers = await Promise.all(count(5).map(() => order(91, '"again"')));

    expect([refused.status, ...answers.map(({ status }) => status)]).toEqual([409, 201, 201, 201, 201, 201]);
    expect([await left(SCREENS), (await orders()).length]).toEqual([0, 1]);
  });

  it('who cancel one order: one does, and the stock comes back once', async () => {
    await order(2);

    const answers = await Promise.all(count(20).map(() => shop.delete('/orders/1')));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(404)]);
    expect([await left(SCREENS), await types()]).toEqual([90, ['OrderCreated', 'OrderCancelled']]);
  });

  it('who order while their user is deleted: all is cancelled with him, or refused', async () => {
    const half = (): Promise<Answer<unknown>>[] => count(20).map(() => order(1));
    const answers = await Promise.all([...half(), shop.delete('/users/1'), ...half()]);

    for (const { status } of answers) expect([200, 201, 400]).toContain(status);
    const made = answers.filter(({ status }) => status === 201).length;
    expect([await left(SCREENS), await left(1), await orders()]).toEqual([90, 1000, []]);
    expect(await types()).toEqual([
      ...Array<string>(made).fill('OrderCreated'),
      ...Array<string>(made).fill('OrderCancelled'),
      'UserDeleted',
    ]);
  });

  it('who order a product while it is deleted: it is held by the first order, or gone', async () => {
    const buy = () => shop.post('/orders', { user_id: 1, items: [{ product_id: 2, quantity: 1 }] });
    const answers = await Promise.all([...count(20).map(buy), shop.delete('/products/2'), ...count(20).map(buy)]);

    const sold = answers.filter(({ status }) => status === 201).length;
    const { status } = await shop.get('/products/2');
    expect([status, sold, answers[20].status]).toEqual(sold > 0 ? [200, 40, 409] : [404, 0, 200]);
  });
});
