import { type Answer, ask, expectProblem, openShop, type ProblemDocument, readAll, type TestShop } from './shop';

interface Refusal extends ProblemDocument {
  short: object[];
}

const item = (product_id: unknown, quantity: unknown): object => ({ product_id, quantity });
const one = item(1, 1);
const many = (length: number, value: unknown): unknown[] => Array.from({ length }, () => value);

/** After each of these, the shop is as it was. */
describe('An order that can not be', () => {
  let shop: TestShop;
  let before: unknown;
  const state = async (): Promise<unknown> => ({
    orders: await readAll(`${shop.store}/orders`),
    stocks: await Promise.all([1, 2, 3, 4, 5].map(async (id) => (await shop.get(`/stocks/${id}`)).text)),
    events: await shop.events(),
  });
  beforeAll(async () => {
    shop = await openShop(undefined, { APPS: 'store-manager' });
    await shop.post('/products', { name: 'Dear', sku: 'D1', price: '99999999.99' });
    await shop.post('/stocks', { product_id: 5, quantity: 2_147_483_647 });
    await shop.post('/orders', { user_id: 2, items: [one] });
    before = await state();
  });
  afterEach(async () => expect(await state()).toEqual(before));
  afterAll(() => shop.remove());

  const order = (items: unknown, user_id: unknown = 1): Promise<Answer<Refusal>> =>
    shop.post<Refusal>('/orders', { user_id, items });
  const put = (body: unknown): Promise<Answer<unknown>> => ask(`${shop.store}/orders`, 'PUT', body);

  it.each([
    0,
    -1,
    -5,
    1.5,
    1e300,
    2_147_483_648,
    9_007_199_254_740_992,
    '1',
    'two',
    '',
    null,
    true,
    [1],
    {},
    undefined,
  ])('is not of the quantity %j', async (quantity) => {
    const answer = await order([one, one, one, item(2, quantity)]);

    expectProblem(answer, { status: 400, type: 'invalid-input', pointers: ['#/items/3/quantity'] });
    expect(answer.body.detail).toBe('quantity must be a whole number from 1 to 2147483647');
  });

  it.each([0, -1, 1.5, '1', '1e3', null, true, 9_007_199_254_740_992, [1], {}, undefined])(
    'is not of the product %j, and not for such a user',
    async (id) => {
      expectProblem(await order([one, item(id, 1)]), {
        status: 400,
        type: 'invalid-input',
        pointers: ['#/items/1/product_id'],
      });
      expectProblem(await shop.post('/orders', { user_id: id, items: [one] }), {
        status: 400,
        type: 'invalid-input',
        pointers: ['#/user_id'],
      });
    },
  );

  it.each([
    5,
    'items',
    null,
    true,
    {},
    { 0: one },
    one,
    [],
    many(101, one),
    many(10_000, one),
    many(10_000, 0),
    undefined,
  ])('has not such items (%#), and hears so in a sentence', async (items) => {
    const answer = await order(items);

    expectProblem(answer, { status: 400, type: 'invalid-input', pointers: ['#/items'] });
    expect(answer.body.detail).toBe('items must be a list of 1 to 100 objects');
  });

  it.each([5, 'item', null, true, [], [one], [[one]], {}, { product: 1 }])('has no item %j', async (wrong) => {
    expectProblem(await order([one, wrong]), {
      status: 400,
      type: 'invalid-input',
      pointers: ['#/items/1/product_id', '#/items/1/quantity'],
    });
  });

  it('has 100 items of which each is wrong, and hears so in few words', async () => {
    const answer = await order(many(100, {}));

    expect(answer.body.errors).toHaveLength(200);
    expect(answer.body.detail.length).toBeLessThan(200);
  });

  it('names every field that is wrong, wherever it is', async () => {
    expectProblem(await order([item(0, 1), one, item(1, 0)], 'Ada'), {
      status: 400,
      type: 'invalid-input',
      pointers: ['#/user_id', '#/items/0/product_id', '#/items/2/quantity'],
    });
    expectProblem(await shop.post('/orders', {}), {
      status: 400,
      type: 'invalid-input',
      pointers: ['#/user_id', '#/items'],
    });
  });

  it('is for nobody who is not there', async () => {
    const answer = await order([one], 99);

    expectProblem(answer, { status: 400, type: 'unknown-user', pointers: ['#/user_id'] });
    expect(answer.body.detail).toBe('There is no user 99. GET /users lists them.');
  });

  it('names each product that is not there', async () => {
    const answer = await order([item(9, 1), one, item(8, 1), item(9, 1)]);

    const pointers = [0, 2, 3].map((place) => `#/items/${place}/product_id`);
    expectProblem(answer, { status: 400, type: 'unknown-product', pointers });
    expect(answer.body.detail).toBe('There is no product 9, 8. GET /products lists them.');
  });

  it('is of more than there is, of one product and of others', async () => {
    const answer = await order([item(3, 2), item(1, 1), item(4, 91), item(3, 1)]);

    expectProblem(answer, { status: 409, type: 'stock-too-low' });
    expect(answer.body.short).toEqual([
      { product_id: 3, asked: 3, available: 2 },
      { product_id: 4, asked: 91, available: 90 },
    ]);
    expect(answer.body.detail).toMatch(/ Nothing was taken\.$/);
  });

  it.each([[[item(5, 101)]], [[item(5, 100), item(2, 1)]], [many(100, item(5, 2_147_483_647))]])(
    'comes to more than any table holds (%#)',
    async (items) => {
      expectProblem(await order(items), { status: 400, type: 'total-too-large', pointers: ['#/items'] });
    },
  );

  it.each(['abc', '1e3', '0x10', '-1', '9007199254740992', '01', '1.0'])('is not asked for by %s', async (id) => {
    const refusal = { status: 400, type: 'invalid-input', pointers: ['#/id'] };

    expectProblem(await shop.get(`/orders/${id}`), refusal);
    expectProblem(await shop.delete(`/orders/${id}`), refusal);
  });

  it.each(['0', '4711', '9007199254740991'])('is not there by the id %s', async (id) => {
    expectProblem(await shop.get(`/orders/${id}`), { status: 404, type: 'order-not-found' });
    expectProblem(await shop.delete(`/orders/${id}`), { status: 404, type: 'order-not-found' });
  });

  it.each([
    [{ order_id: '1', is_paid: true }, ['#/order_id']],
    [{ order_id: 1e300, is_paid: true }, ['#/order_id']],
    [{ order_id: 1, is_paid: 'true' }, ['#/is_paid']],
    [{ order_id: 1, is_paid: 1 }, ['#/is_paid']],
    [{ order_id: 1, is_paid: null }, ['#/is_paid']],
    [{ order_id: 1 }, ['#/is_paid']],
    [{}, ['#/order_id', '#/is_paid']],
    [[], ['#']],
  ])('is not paid by %j', async (body, pointers) => {
    expectProblem(await put(body), { status: 400, type: 'invalid-input', pointers });
  });

  it.each([true, false])('is not told to be paid (%j) when it is not there', async (is_paid) => {
    expectProblem(await put({ order_id: 99, is_paid }), { status: 404, type: 'order-not-found' });
  });

  it('comes in no body that is deep, large, no JSON, or something else', async () => {
    const deep = `{"user_id":1,"items":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    for (const method of ['POST', 'PUT']) {
      const send = (body: unknown, type?: string) => ask(`${shop.store}/orders`, method, body, type);
      expectProblem(await send(deep), { status: 400 });
      expectProblem(await send({ user_id: 1, items: [{ ...one, note: 'x'.repeat(2_000_000) }] }), { status: 413 });
      expectProblem(await send('{"user_id":1,"items":[{'), { status: 400 });
      expectProblem(await send('user_id=1', 'application/x-www-form-urlencoded'), { status: 415 });
      for (const body of ['[]', 'null', '5']) {
        expectProblem(await send(body), { status: 400, type: 'invalid-input', pointers: ['#'] });
      }
    }
  });

  it.each([
    ['PATCH', '/orders', 'GET, HEAD, OPTIONS, POST, PUT'],
    ['DELETE', '/orders', 'GET, HEAD, OPTIONS, POST, PUT'],
    ['PUT', '/orders/1', 'DELETE, GET, HEAD, OPTIONS'],
    ['POST', '/orders/1', 'DELETE, GET, HEAD, OPTIONS'],
  ])('is not made by %s %s', async (method, path, allow) => {
    const answer = await ask(shop.store + path, method);

    expectProblem(answer, { status: 405 });
    expect(answer.headers.get('allow')).toBe(allow);
  });
});
