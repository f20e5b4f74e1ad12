import { eventually, expectProblem, openShop, type TestShop } from './shop';

type Line = Record<'Article' | 'Numéro SKU' | 'Prix unitaire' | 'Unités en stock', string | number>;

describe('The stocks of a shop', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
    await shop.post('/products', { name: 'Mouse GHI', sku: 'MS11111', price: '24.95' });
  });
  afterAll(() => shop.remove());

  const set = <T>(product_id: unknown, quantity: unknown) => shop.post<T>('/stocks', { product_id, quantity });
  const overview = async (): Promise<Line[]> => (await shop.get<Line[]>('/stocks/reports/overview-stocks')).body;

  it('are there from the first day', async () => {
    const read = await Promise.all([1, 2, 3, 4].map(async (id) => (await shop.get(`/stocks/${id}`)).text));

    expect(read).toEqual([
      '{"product_id":1,"quantity":1000}',
      '{"product_id":2,"quantity":500}',
      '{"product_id":3,"quantity":2}',
      '{"product_id":4,"quantity":90}',
    ]);
    expect(await overview()).toEqual([
      { Article: 'Laptop ABC', 'Numéro SKU': 'LP12567', 'Prix unitaire': 1999.99, 'Unités en stock': 1000 },
      { Article: 'Keyboard DEF', 'Numéro SKU': 'KB67890', 'Prix unitaire': 59.5, 'Unités en stock': 500 },
      { Article: 'Gadget XYZ', 'Numéro SKU': 'GG12345', 'Prix unitaire': 5.75, 'Unités en stock': 2 },
      { Article: '27-inch Screen WYZ', 'Numéro SKU': 'SC27289', 'Prix unitaire': 299.75, 'Unités en stock': 90 },
    ]);
  });

  it('are set in the words of the system before, read at once, and told of with what was there before', async () => {
    const first = await set(5, 7);
    expect([first.status, first.text, first.headers.get('location')]).toEqual([
      201,
      '{"result":"rows added: 7"}',
      '/stocks/5',
    ]);
    expect((await shop.get('/stocks/5')).body).toEqual({ product_id: 5, quantity: 7 });

    const second = await set(5, 0);
    expect([second.status, second.text]).toEqual([201, '{"result":"rows updated: 1"}']);
    expect((await shop.get('/stocks/5')).body).toEqual({ product_id: 5, quantity: 0 });
    const events = await shop.events('?stream=stock-5');
    expect(events.map(({ data }) => data)).toMatchObject([
      { event: 'StockSet', product_id: 5, quantity: 7, previous_quantity: 0 },
      { event: 'StockSet', product_id: 5, quantity: 0, previous_quantity: 7 },
    ]);
  });

  it('come into the overview by their events', async () => {
    await set(5, 12);

    await eventually(async () =>
      expect((await overview())[4]).toEqual({
        Article: 'Mouse GHI',
        'Numéro SKU': 'MS11111',
        'Prix unitaire': 24.95,
        'Unités en stock': 12,
      }),
    );
  });

  it('are rebuilt for the overview while they are read', async () => {
    const before = await overview();
    const ordered = await shop.post<{ instance: string }>('/admin/rebuilds', {
      consumer: 'stock-overview',
      who: 'Grace',
      why: 'a test',
    });
    expect(ordered).toMatchObject({ status: 202, body: { instance: 'stock-overview@2' } });

    await eventually(async () => {
      expect(await overview()).toEqual(before);
      const { body } = await shop.get<{ instance: string; state: string }[]>('/admin/instances');
      expect(body.find(({ instance }) => instance === 'stock-overview')?.state).toBe('discarded');
    });
    expect(await overview()).toEqual(before);
  });

  it.each([-1, -3, 1.5, '5', 'five', '', null, true, 1e300, 2_147_483_648, 9_007_199_254_740_992, [5], {}, undefined])(
    'are not set to %j',
    async (quantity) => {
      const events = await shop.events();

      expectProblem(await set(5, quantity), { status: 400, type: 'invalid-input', pointers: ['#/quantity'] });
      expect((await shop.get('/stocks/5')).body).toEqual({ product_id: 5, quantity: 12 });
      expect(await shop.events()).toEqual(events);
    },
  );

  it.each(['5', 0, -1, 1.5, null, 9_007_199_254_740_992, [5], undefined])('are not of the product %j', async (id) => {
    expectProblem(await set(id, 5), { status: 400, type: 'invalid-input', pointers: ['#/product_id'] });
  });

  it('are not of a product that there is not', async () => {
    const answer = await set<{ detail: string }>(99, 5);

    expectProblem(answer, { status: 400, type: 'unknown-product', pointers: ['#/product_id'] });
    expect(answer.body.detail).toBe('There is no product 99. GET /products lists them.');
    expect(await shop.events('?stream=stock-99')).toEqual([]);
  });

  it('may be as many as 32 bits hold', async () => {
    expect((await set(5, 2_147_483_647)).status).toBe(201);
    expect((await shop.get('/stocks/5')).body).toEqual({ product_id: 5, quantity: 2_147_483_647 });
  });

  it.each(['abc', '1e3', '0x10', '-1', '9007199254740992', '01'])('are not asked for by %s', async (id) => {
    expectProblem(await shop.get(`/stocks/${id}`), {
      status: 400,
      type: 'invalid-input',
      pointers: ['#/product_id'],
    });
  });

  it.each(['0', '4711', '9007199254740991'])('are not of the product %s, which there is not', async (id) => {
    expectProblem(await shop.get(`/stocks/${id}`), { status: 404, type: 'stock-not-found' });
  });
});
