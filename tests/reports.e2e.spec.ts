import { eventually, grace, openShop, type TestShop } from './shop';

type Items = Record<number, number>;

describe('The reports of a shop', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  const order = async (user_id: number, items: Items): Promise<number> => {
    const lines = Object.entries(items).map(([product_id, quantity]) => ({ product_id: Number(product_id), quantity }));
    const answer = await shop.post<{ order_id: number }>('/orders', { user_id, items: lines });
    expect(answer.status).toBe(201);
    return answer.body.order_id;
  };
  const becomes = async (report: string, text: object[]): Promise<void> =>
    eventually(async () => {
      const { status, body } = await shop.get(`/orders/reports/${report}`);
      expect({ status, body }).toEqual({ status: 200, body: text });
    });

  it('are empty lists on the first day', async () => {
    const reports = ['highest-spenders', 'best-sellers'].map((report) => shop.get(`/orders/reports/${report}`));
    expect((await Promise.all(reports)).map(({ status, text }) => [status, text])).toEqual([
      [200, '[]'],
      [200, '[]'],
    ]);
  });

  it('have every order, to the cent, and what it sold', async () => {
    const user = await shop.write(grace());
    await order(user, { 1: 2, 2: 1 });
    await order(1, { 2: 3 });
    await order(user, { 3: 1 });

    await becomes('highest-spenders', [
      { user_id: user, total_expense: 4065.23 },
      { user_id: 1, total_expense: 178.5 },
    ]);
    await becomes('best-sellers', [
      { product_id: 2, quantity_sold: 4 },
      { product_id: 1, quantity_sold: 2 },
      { product_id: 3, quantity_sold: 1 },
    ]);
  });

  it('have no order that is cancelled, and the overview has its units again', async () => {
    const id = await order(1, { 4: 10 });
    await becomes('best-sellers', [
      { product_id: 4, quantity_sold: 10 },
      { product_id: 2, quantity_sold: 4 },
      { product_id: 1, quantity_sold: 2 },
      { product_id: 3, quantity_sold: 1 },
    ]);

    expect((await shop.delete(`/orders/${id}`)).status).toBe(200);

    await becomes('highest-spenders', [
      { user_id: 6, total_expense: 4065.23 },
      { user_id: 1, total_expense: 178.5 },
    ]);
    await eventually(async () => {
      const { body } = await shop.get<{ 'Unités en stock': number }[]>('/stocks/reports/overview-stocks');
      expect(body.map((line) => line['Unités en stock'])).toEqual([998, 496, 1, 90]);
    });
  });

  it('do not have a user who is deleted, and what was not paid is not sold', async () => {
    expect((await shop.delete('/users/6')).status).toBe(200);

    await becomes('highest-spenders', [{ user_id: 1, total_expense: 178.5 }]);
    await becomes('best-sellers', [{ product_id: 2, quantity_sold: 3 }]);
  });

  it('stand beside the orders, and take no other method', async () => {
    expect((await shop.get('/orders/reports')).status).toBe(400);
    expect((await shop.get('/orders/reports/worst-sellers')).status).toBe(404);
    expect((await shop.post('/orders/reports/best-sellers', {})).status).toBe(405);
  });

  it('are counted, each call of each', async () => {
    const counted = async (): Promise<(number | undefined)[]> => {
      const text = await (await fetch(`${shop.store}/metrics`)).text();
      return ['best_sellers_total', 'highest_spenders_total'].map((name) => {
        const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
        return value === undefined ? undefined : Number(value);
      });
    };
    const [sellers, spenders] = await counted();

    await shop.get('/orders/reports/best-sellers');
    await shop.get('/orders/reports/best-sellers');
    await shop.get('/orders/reports/highest-spenders');

    expect(await counted()).toEqual([sellers! + 2, spenders! + 1]);
  });
});
