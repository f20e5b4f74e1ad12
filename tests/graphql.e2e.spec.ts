import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { ask, expectProblem, openShop, type TestShop } from './shop';

interface Answered {
  data?: unknown;
  errors?: { message: string; locations?: object[]; path?: string[] }[];
}

describe('GraphQL', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  const query = async (text: unknown, variables?: unknown, more: object = {}): Promise<Answered> => {
    const answer = await shop.post<Answered>('/stocks/graphql-query', { query: text, variables, ...more });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    return answer.body;
  };

  it('tells of a product and its stock, at once', async () => {
    const text = 'query ($id: String!) { product(id: $id) { id name sku price quantity } stockLevel(productId: $id) }';
    await shop.post('/stocks', { product_id: 4, quantity: 91 });

    expect(await query(text, { id: '4' })).toEqual({
      data: {
        product: { id: 4, name: '27-inch Screen WYZ', sku: 'SC27289', price: 299.75, quantity: 91 },
        stockLevel: 91,
      },
    });
  });

  it.each(['99', '0', '', 'abc', '1e3', '0x10', '-1', '9007199254740992', '😀'])(
    'knows no product %j: null, and a stock of 0',
    async (id) => {
      const text = 'query ($id: String!) { product(id: $id) { name quantity } stockLevel(productId: $id) }';

      expect(await query(text, { id })).toEqual({ data: { product: null, stockLevel: 0 } });
    },
  );

  it('tells that a product without a stock has none', async () => {
    await shop.post('/products', { name: 'Mouse GHI', sku: 'MS11111', price: 24.95 });

    expect(await query('{ product(id: "5") { price quantity } }')).toEqual({
      data: { product: { price: 24.95, quantity: 0 } },
    });
  });

  it.each([
    ['{', 'Syntax Error: Expected Name, found <EOF>.'],
    ['', 'Syntax Error: Unexpected <EOF>.'],
    ['{ product(id: 1) { name } }', 'String cannot represent a non string value: 1'],
    ['{ product { name } }', 'Argument "Query.product(id:)" of type "String!" is required, but it was not provided.'],
    ['{ product(id: "1") }', 'Field "product" of type "Product" must have a selection of subfields.'],
    ['{ products { name } }', 'Cannot query field "products" on type "Query".'],
    ['mutation { deleteProduct }', 'The mutation operation is not supported by the schema.'],
    [
      'query A { __typename } query B { __typename }',
      'Must provide operation name if query contains multiple operations.',
    ],
    [
      'query ($id: String!) { stockLevel(productId: $id) }',
      'Expected a value of non-null type "String!" to be provided.',
    ],
  ])('answers %j with errors that have a message and places', async (text, message) => {
    const { data, errors } = await query(text);

    expect(data ?? null).toBeNull();
    expect(errors?.map((error) => error.message.split(' Did you mean')[0])).toEqual(
      expect.arrayContaining([expect.stringContaining(message) as string]),
    );
  });

  it('answers the operation that is named', async () => {
    const text = 'query A { stockLevel(productId: "1") } query B { stockLevel(productId: "2") }';

    expect(await query(text, null, { operationName: 'B' })).toEqual({ data: { stockLevel: 500 } });
  });

  it.each([
    [{}, '#/query'],
    [{ query: 5 }, '#/query'],
    [{ query: null }, '#/query'],
    [{ query: ['{ __typename }'] }, '#/query'],
    [{ query: '{ __typename }', variables: 'x' }, '#/variables'],
    [{ query: '{ __typename }', variables: [1] }, '#/variables'],
    [{ query: '{ __typename }', operationName: 5 }, '#/operationName'],
  ])('refuses %j', async (body, pointer) => {
    expectProblem(await shop.post('/stocks/graphql-query', body), {
      status: 400,
      type: 'invalid-input',
      pointers: [pointer],
    });
  });

  it('can be asked for its schema, by the query of the usual tools', async () => {
    const { data } = await query(getIntrospectionQuery());

    expect(printSchema(buildClientSchema(data as IntrospectionQuery))).toBe(
      [
        'type Query {',
        '  """A product; null when there is none."""',
        '  product(id: String!): Product',
        '',
        '  """',
        '  How many units of a product are in stock; 0 when there is no such product.',
        '  """',
        '  stockLevel(productId: String!): Int',
        '}',
        '',
        'type Product {',
        '  id: Int',
        '  name: String',
        '  sku: String',
        '  price: Float',
        '',
        '  """How many units are in stock."""',
        '  quantity: Int',
        '}',
      ].join('\n'),
    );
  });

  it('refuses what is too deep, also by fragments, too long, or turns in a circle', async () => {
    const type = (depth: number, inner: string): string => `${'ofType { '.repeat(depth)}${inner}${' }'.repeat(depth)}`;
    const within = (inner: string): string => `{ __type(name: "Query") { fields { type { ${inner} } } } }`;
    const tooDeep = /^The query is \d+ fields deep, 16 are allowed\.$/;

    expect((await query(within(type(12, 'name')))).errors).toBeUndefined();
    expect((await query(within(type(13, 'name')))).errors?.[0].message).toMatch(tooDeep);
    const fragments = `${within('...A')} fragment A on __Type { ${type(7, '...B')} } fragment B on __Type { ${type(7, 'name')} }`;
    expect((await query(fragments)).errors?.[0].message).toMatch(tooDeep);
    const long = `{ ${Array.from({ length: 400 }, (_, index) => `a${index}: __typename`).join(' ')} }`;
    expect((await query(long)).errors?.[0].message).toMatch(/token/);
    const circle = '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }';
    expect((await query(circle)).errors?.[0].message).toContain('Cannot spread fragment');
  });

  it('keeps no key, for it changes nothing', async () => {
    const key = { 'idempotency-key': '"asked-once"' };
    const body = { query: '{ stockLevel(productId: "3") }' };
    const level = async (): Promise<unknown> =>
      (await ask<Answered>(`${shop.store}/stocks/graphql-query`, 'POST', body, 'application/json', key)).body.data;

    expect(await level()).toEqual({ stockLevel: 2 });
    await shop.post('/stocks', { product_id: 3, quantity: 1 });
    expect(await level()).toEqual({ stockLevel: 1 });
  });
});
