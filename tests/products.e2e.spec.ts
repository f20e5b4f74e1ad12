import { ask, expectProblem, openShop, readAll, type TestShop } from './shop';

interface Product {
  id: number;
  name: string;
  sku: string;
  price: number;
}

const mouse = (changes: object = {}): object => ({ name: 'Mouse GHI', sku: 'MS11111', price: 24.95, ...changes });

describe('The products of a shop', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  const products = (): Promise<Product[]> => readAll<Product>(`${shop.store}/products`);
  const lastEvent = async (): Promise<object> => (await shop.events('?order=desc'))[0];

  it('are four before anything has happened, and no event tells of them', async () => {
    expect((await shop.get('/products/1')).text).toBe('{"id":1,"name":"Laptop ABC","sku":"LP12567","price":1999.99}');
    expect((await products()).map(({ id, sku, price }) => `${id} ${sku} ${price}`)).toEqual([
      '1 LP12567 1999.99',
      '2 KB67890 59.5',
      '3 GG12345 5.75',
      '4 SC27289 299.75',
    ]);
    expect(await shop.events()).toEqual([]);
  });

  it('get the next id when they are added, and are told of with their price as text', async () => {
    const added = await shop.post('/products', mouse());

    expect([added.status, added.text, added.headers.get('location')]).toEqual([201, '{"product_id":5}', '/products/5']);
    expect((await shop.get('/products/5')).body).toEqual({ id: 5, ...mouse() });
    expect(await lastEvent()).toMatchObject({
      type: 'ProductCreated',
      stream: 'product-5',
      version: 1,
      data: { event: 'ProductCreated', id: 5, ...mouse({ price: '24.95' }) },
    });
  });

  it('are gone with their stock when they are deleted, and are told of once more', async () => {
    await shop.post('/stocks', { product_id: 5, quantity: 3 });

    const deleted = await shop.delete('/products/5');

    expect([deleted.status, deleted.text]).toEqual([200, '{"deleted":true}']);
    expectProblem(await shop.get('/products/5'), { status: 404, type: 'product-not-found' });
    expectProblem(await shop.get('/stocks/5'), { status: 404, type: 'stock-not-found' });
    expect(await lastEvent()).toMatchObject({ type: 'ProductDeleted', version: 2, data: mouse({ price: '24.95' }) });
  });

  it('can not be deleted twice, and never get the id of another', async () => {
    const again = await shop.delete<{ deleted: boolean }>('/products/5');

    expectProblem(again, { status: 404, type: 'product-not-found' });
    expect(again.body.deleted).toBe(false);
    expect((await shop.post('/products', mouse())).body).toEqual({ product_id: 6 });
  });

  it('are listed in pages', async () => {
    const first = await shop.get<{ items: Product[]; nextCursor: string }>('/products?limit=3');
    const last = await shop.get<{ items: Product[]; nextCursor: null }>(
      `/products?limit=3&cursor=${first.body.nextCursor}`,
    );

    expect([...first.body.items, ...last.body.items]).toEqual(await products());
    expect([first.headers.has('link'), last.body.nextCursor]).toEqual([true, null]);
  });

  it.each([
    [0.01, '0.01', 0.01],
    ['0.5', '0.50', 0.5],
    [1e3, '1000.00', 1000],
    ['99999999.99', '99999999.99', 99_999_999.99],
    [1.15, '1.15', 1.15],
  ])('may cost %j', async (price, text, number) => {
    const { body } = await shop.post<{ product_id: number }>('/products', mouse({ sku: `P${text}`, price }));

    expect((await shop.get<Product>(`/products/${body.product_id}`)).body.price).toBe(number);
    expect(await lastEvent()).toMatchObject({ data: { price: text } });
  });

  describe('that can not be', () => {
    let before: unknown;
    const state = async (): Promise<unknown> => ({ products: await products(), events: await shop.events() });
    beforeAll(async () => (before = await state()));
    afterEach(async () => expect(await state()).toEqual(before));

    it.each([
      0,
      -1,
      -0.01,
      3.999,
      '3.999',
      0.001,
      '1.000',
      '1e3',
      '0x10',
      '',
      ' 5',
      '5 ',
      '5.',
      '.5',
      '05',
      '-5',
      '+5',
      '5,00',
      'NaN',
      '0.00',
      100_000_000,
      '100000000.00',
      1e300,
      9_007_199_254_740_992,
      null,
      true,
      ['5'],
      {},
      undefined,
    ])('may not cost %j', async (price) => {
      const answer = await shop.post('/products', mouse({ sku: 'NEW', price }));

      expectProblem(answer, { status: 400, type: 'invalid-input', pointers: ['#/price'] });
    });

    it.each([5, '', '   ', 'x'.repeat(65), 'A\nB', null, ['A'], {}, undefined])(
      'may not have the SKU %j',
      async (sku) => {
        expectProblem(await shop.post('/products', mouse({ sku })), {
          status: 400,
          type: 'invalid-input',
          pointers: ['#/sku'],
        });
      },
    );

    it.each([5, '', '\u200B', 'x'.repeat(151), null, ['A'], undefined])('may not be called %j', async (name) => {
      expectProblem(await shop.post('/products', mouse({ sku: 'NEW', name })), {
        status: 400,
        type: 'invalid-input',
        pointers: ['#/name'],
      });
    });

    it('may not have the SKU of another, however it is written', async () => {
      for (const sku of ['MS11111', 'ms11111', 'LP12567']) {
        expectProblem(await shop.post('/products', mouse({ sku })), {
          status: 409,
          type: 'sku-taken',
          pointers: ['#/sku'],
        });
      }
    });

    it.each(['abc', '1e3', '0x10', '-1', '9007199254740992', '01', '1.0'])('are not asked for by %s', async (id) => {
      const refusal = { status: 400, type: 'invalid-input', pointers: ['#/id'] };

      expectProblem(await shop.get(`/products/${id}`), refusal);
      expectProblem(await shop.delete(`/products/${id}`), refusal);
    });

    it.each(['/products', '/stocks', '/stocks/graphql-query', '/users'])(
      'come in no body that is deep, large, or no JSON, to %s',
      async (path) => {
        const deep = `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

        expectProblem(await shop.post(path, deep), { status: 400 });
        expectProblem(await shop.post(path, { name: 'x'.repeat(2_000_000) }), { status: 413 });
        expectProblem(await shop.post(path, '{"name":'), { status: 400 });
        expectProblem(await shop.post(path, 'name=Mouse', 'application/x-www-form-urlencoded'), { status: 415 });
        for (const body of ['[]', 'null', '5']) {
          expectProblem(await shop.post(path, body), { status: 400, type: 'invalid-input', pointers: ['#'] });
        }
      },
    );

    it.each([
      ['PUT', '/products/1', 'DELETE, GET, HEAD, OPTIONS'],
      ['DELETE', '/products', 'GET, HEAD, OPTIONS, POST'],
      ['PATCH', '/stocks', 'OPTIONS, POST'],
      ['DELETE', '/stocks/1', 'GET, HEAD, OPTIONS'],
      ['GET', '/stocks/graphql-query', 'OPTIONS, POST'],
      ['POST', '/stocks/reports/overview-stocks', 'GET, HEAD, OPTIONS'],
    ])('are not made by %s %s', async (method, path, allow) => {
      const answer = await ask(shop.store + path, method);

      expectProblem(answer, { status: 405 });
      expect(answer.headers.get('allow')).toBe(allow);
    });
  });
});

describe('Many clients at once', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  it('who race for one SKU: one gets it, the others are told, and one event tells of it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => shop.post('/products', mouse({ sku: index % 2 ? 'ms1' : 'MS1' }))),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(29).fill(409)]);
    expect((await shop.events()).map(({ type }) => type)).toEqual(['ProductCreated']);
  });

  it('who set the stock of a product while it is deleted: all before, or none', async () => {
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, (_, quantity) => shop.post('/stocks', { product_id: 5, quantity })),
      shop.delete('/products/5'),
      ...Array.from({ length: 20 }, (_, quantity) => shop.post('/stocks', { product_id: 5, quantity })),
    ]);

    for (const { status } of answers) expect([200, 201, 400]).toContain(status);
    const types = (await shop.events('?after=1')).map(({ type }) => type);
    expect(types.at(-1)).toBe('ProductDeleted');
    expect(types).toHaveLength(answers.filter(({ status }) => status < 400).length);
    expectProblem(await shop.get('/stocks/5'), { status: 404, type: 'stock-not-found' });
  });

  it('who add a product with one Idempotency-Key add one', async () => {
    const key = { 'idempotency-key': '"one-mouse"' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        ask(`${shop.store}/products`, 'POST', mouse({ sku: 'KEYED' }), 'application/json', key),
      ),
    );

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await readAll(`${shop.store}/products`)).toHaveLength(5);
  });
});
