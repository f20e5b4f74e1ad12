import { openBackbone } from '@magasin/event-bus';
import { PaymentReceived, PaymentRequested } from '@magasin/contracts';
import { ask, type Event, eventually, expectProblem, openShop, readAll, type TestShop } from './shop';

const LINK = 'http://localhost:5009/payments/process/9';
const item = (product_id: unknown, quantity: unknown): object => ({ product_id, quantity });

describe('The orders of a shop', () => {
  let shop: TestShop;
  beforeAll(async () => {
    // Without payments: what it would tell is told here, and when.
    shop = await openShop(undefined, { APPS: 'store-manager' });
  });
  afterAll(() => shop.remove());

  const order = <T = { order_id: number }>(...items: unknown[]) => shop.post<T>('/orders', { user_id: 1, items });
  const put = <T>(body: unknown) => ask<T>(`${shop.store}/orders`, 'PUT', body);
  const stocks = (): Promise<unknown[]> =>
    Promise.all([1, 2, 3, 4].map(async (id) => (await shop.get<{ quantity: number }>(`/stocks/${id}`)).body.quantity));
  const lastEvents = async (count: number): Promise<Event[]> =>
    (await shop.events('?order=desc')).slice(0, count).toReversed();
  /** Past the shop, as another process does. */
  const tell = async (event: PaymentRequested | PaymentReceived): Promise<void> => {
    const { log } = await openBackbone({ url: shop.database });
    await log.transaction(async (tx) => tx.record(event));
    await log.close();
  };

  it('begin with 1, take the stock, and are told of with all that there is to say', async () => {
    const added = await order(item(3, 1), item(1, 2), item(3, 1));

    expect([added.status, added.text, added.headers.get('location')]).toEqual([201, '{"order_id":1}', '/orders/1']);
    expect(await stocks()).toEqual([998, 500, 0, 90]);
    const events = await shop.events();
    expect(events.map(({ type, stream, version }) => `${type} ${stream} ${version}`)).toEqual([
      'OrderCreated order-1 1',
    ]);
    expect(events[0].data).toEqual({
      event: 'OrderCreated',
      id: 1,
      user_id: 1,
      user_name: 'Ada Lovelace',
      user_email: 'alovelace@example.com',
      total_amount: '4011.48',
      items: [
        { product_id: 1, name: 'Laptop ABC', quantity: 2, unit_price: '1999.99' },
        { product_id: 3, name: 'Gadget XYZ', quantity: 2, unit_price: '5.75' },
      ],
      datetime: expect.any(String) as string,
    });
  });

  it('are read with true types', async () => {
    const { text, body } = await shop.get<{ created: string }>('/orders/1');

    expect(text).toBe(
      '{"id":1,"user_id":1,"total_amount":4011.48,"items":[{"product_id":1,"quantity":2,"unit_price":1999.99},' +
        '{"product_id":3,"quantity":2,"unit_price":5.75}],"payment_link":null,"is_paid":false,' +
        `"created":"${body.created}"}`,
    );
    expect(Math.abs(Date.parse(body.created) - Date.now())).toBeLessThan(600_000);
  });

  it('are listed in pages, with their lines', async () => {
    for (const quantity of [1, 2, 3]) await order(item(2, quantity));
    const first = await shop.get<{ items: object[]; nextCursor: string }>('/orders?limit=3');
    const last = await shop.get<{ items: object[]; nextCursor: null }>(
      `/orders?limit=3&cursor=${first.body.nextCursor}`,
    );

    const all = await readAll<{ id: number; items: object[] }>(`${shop.store}/orders`);
    expect(all.map(({ id, items }) => [id, items.length])).toEqual([
      [1, 2],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
    expect([...first.body.items, ...last.body.items]).toEqual(all);
    expect(all[0]).toEqual((await shop.get('/orders/1')).body);
    expect([first.headers.has('link'), last.body.nextCursor]).toEqual([true, null]);
  });

  it('are not paid by a call before their payment is known', async () => {
    expectProblem(await put({ order_id: 1, is_paid: true }), { status: 409, type: 'order-has-no-payment' });
    expect((await put({ order_id: 1, is_paid: false })).text).toBe('{"updated":true}');
    expect(await lastEvents(1)).toMatchObject([{ type: 'OrderCreated' }]);
  });

  it('get their link by event, and are paid by a call, once and for all', async () => {
    await tell(PaymentRequested.of({ id: 9, order_id: 1, user_id: 1, total_amount: '4011.48', payment_link: LINK }));
    await eventually(async () =>
      expect((await shop.get('/orders/1')).body).toMatchObject({ payment_link: LINK, is_paid: false }),
    );

    const answers = [await put({ order_id: 1, is_paid: true }), await put({ order_id: 1, is_paid: true })];

    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [200, '{"updated":true}']));
    expect((await shop.get('/orders/1')).body).toMatchObject({ payment_link: LINK, is_paid: true });
    expectProblem(await put({ order_id: 1, is_paid: false }), { status: 409, type: 'order-stays-paid' });
    expect((await lastEvents(2)).map(({ type, version, data }) => [type, version, data])).toMatchObject([
      ['OrderConfirmed', 2, { payment_id: 9, payment_link: LINK, user_name: 'Ada Lovelace', total_amount: '4011.48' }],
      ['OrderPaid', 3, { payment_id: 9, user_email: 'alovelace@example.com', total_amount: '4011.48' }],
    ]);
  });

  it('give their stock back when they are deleted, and keep their story', async () => {
    const deleted = await shop.delete('/orders/1');

    expect([deleted.status, deleted.text]).toEqual([200, '{"deleted":true}']);
    expect(await stocks()).toEqual([1000, 494, 2, 90]);
    expectProblem(await shop.get('/orders/1'), { status: 404, type: 'order-not-found' });
    expectProblem(await put({ order_id: 1, is_paid: true }), { status: 404, type: 'order-not-found' });
    const again = await shop.delete<{ deleted: boolean }>('/orders/1');
    expectProblem(again, { status: 404, type: 'order-not-found' });
    expect(again.body.deleted).toBe(false);
    expect((await shop.events('?stream=order-1')).at(-1)?.data).toMatchObject({
      event: 'OrderCancelled',
      is_paid: true,
      reason: 'request',
      total_amount: '4011.48',
    });
  });

  it('are followed by the overview of the stock', async () => {
    await eventually(async () => {
      const { body } = await shop.get<Record<string, unknown>[]>('/stocks/reports/overview-stocks');
      expect(body.map((line) => line['Unités en stock'])).toEqual(await stocks());
    });
  });

  it('that are not paid go with their user; the paid one stays in the books without him', async () => {
    const user_id = await shop.write({ name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 });
    const [paid, open] = [await shop.post<{ order_id: number }>('/orders', { user_id, items: [item(4, 1)] })]
      .concat(await shop.post<{ order_id: number }>('/orders', { user_id, items: [item(4, 2)] }))
      .map(({ body }) => body.order_id);
    await tell(PaymentReceived.of({ id: 10, order_id: paid, user_id, total_amount: '299.75' }));
    await eventually(async () => expect((await shop.get(`/orders/${paid}`)).body).toMatchObject({ is_paid: true }));

    expect((await shop.delete(`/users/${user_id}`)).status).toBe(200);

    expect((await shop.get(`/orders/${paid}`)).body).toMatchObject({ user_id: null, is_paid: true });
    expectProblem(await shop.get(`/orders/${open}`), { status: 404, type: 'order-not-found' });
    expect(await stocks()).toEqual([1000, 494, 2, 89]);
    expect((await lastEvents(2)).map(({ type, data }) => [type, data])).toMatchObject([
      ['OrderCancelled', { id: open, user_id, reason: 'user-deleted', is_paid: false }],
      ['UserDeleted', { id: user_id }],
    ]);
  });

  it('hold their products', async () => {
    expectProblem(await shop.delete('/products/2'), { status: 409, type: 'product-ordered' });
  });

  it('are counted, those that were refused too', async () => {
    const counted = async (): Promise<number> => {
      const text = await (await fetch(`${shop.store}/metrics`)).text();
      return Number(/^orders_total (\d+)$/m.exec(text)?.[1]);
    };
    const before = await counted();
    await order(item(2, 1));
    await order();
    await shop.get('/orders');

    await eventually(async () => expect(await counted()).toBe(before + 2));
  });
});
