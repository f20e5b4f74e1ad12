import { type Answer, ask, eventually, expectProblem, openShop, readAll, type TestShop } from './shop';

interface Payment {
  id: number;
  order_id: number;
  user_id: number;
  total_amount: number;
  is_paid: boolean;
  state: string;
  created: string;
}

interface Requested {
  payment_id: number;
  payment_link: string;
}

const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2030-01-05' };
/** Of an order that there is not: what is paid for it the store gives back, so none of these is paid here. */
const asked = (changes: object = {}): object => ({ user_id: 1, order_id: 9_007, total_amount: 59.5, ...changes });

describe('The payments of a shop', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  const get = <T>(path: string): Promise<Answer<T>> => ask<T>(shop.payments + path);
  const post = <T>(path: string, body?: unknown, more?: Record<string, string>): Promise<Answer<T>> =>
    ask<T>(shop.payments + path, 'POST', body, 'application/json', more);
  const payments = (): Promise<Payment[]> => readAll<Payment>(`${shop.payments}/payments`);
  /** @returns a new order, which is there to be paid, and its payment. */
  const place = async (): Promise<{ order_id: number; id: number }> => {
    const items = [{ product_id: 2, quantity: 1 }];
    const { order_id } = (await shop.post<{ order_id: number }>('/orders', { user_id: 1, items })).body;
    const { payment_id } = (await post<Requested>('/payments', asked({ order_id }))).body;
    return { order_id, id: payment_id };
  };
  const events = async (): Promise<string[]> =>
    (await shop.events('?topic=payment-events')).map(({ type, stream }) => `${type} ${stream}`);

  it('say what answers', async () => {
    expect((await get('/')).text).toBe('{"service":"payments","status":"running"}');
    expect((await get('/health-check')).text).toBe('{"status":"ok"}');
    expect(await payments()).toEqual([]);
  });

  it('are made when somebody asks, with a link that opens', async () => {
    const { status, headers, body } = await post<Requested>('/payments', asked());

    expect([status, headers.get('location'), body]).toEqual([
      201,
      '/payments/1',
      { payment_id: 1, payment_link: `${shop.payments}/payments/process/1` },
    ]);
    expect((await get('/payments/1')).body).toEqual({
      id: 1,
      ...asked(),
      is_paid: false,
      state: 'requested',
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    });
    const page = await ask(body.payment_link);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await shop.events()).map(({ type, data }) => [type, data])).toMatchObject([
      ['PaymentRequested', { id: 1, ...asked({ total_amount: '59.50' }), payment_link: body.payment_link }],
    ]);
  });

  it('are one for each order', async () => {
    for (const total_amount of [59.5, '59.5', '59.50']) {
      const { status, headers, body } = await post<Requested>('/payments', asked({ total_amount }));
      expect([status, headers.get('location'), body.payment_id]).toEqual([200, '/payments/1', 1]);
    }
    const other = await post<Requested>('/payments', asked({ total_amount: 59.51 }));
    expectProblem(other, { status: 409, type: 'payment-amount-differs' });
    expect(other.body.payment_id).toBe(1);
    expect(await events()).toEqual(['PaymentRequested payment-1']);
  });

  it('are answered as before when their key comes again', async () => {
    const key = { 'idempotency-key': '"order-9008"' };
    const [first, again] = [
      await post('/payments', asked({ order_id: 9_008 }), key),
      await post('/payments', asked({ order_id: 9_008 }), key),
    ];

    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('are paid by card, and charged once though it comes again', async () => {
    const { order_id, id } = await place();

    for (let time = 0; time < 2; time++) {
      const paid = await post(`/payments/process/${id}`, CARD);
      expect([paid.status, paid.text]).toEqual([200, `{"order_id":${order_id},"payment_id":${id},"is_paid":true}`]);
    }
    expect((await get(`/payments/${id}`)).body).toMatchObject({ is_paid: true, state: 'paid' });
    expect((await events()).filter((event) => event.startsWith('PaymentReceived'))).toEqual([
      `PaymentReceived payment-${id}`,
    ]);
  });

  it('are charged once, of twenty at once, each with the same key', async () => {
    const { order_id, id } = await place();
    const key = { 'idempotency-key': '"a-card"' };

    const answers = await Promise.all(Array.from({ length: 20 }, () => post(`/payments/process/${id}`, CARD, key)));

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set([`200 {"order_id":${order_id},"payment_id":${id},"is_paid":true}`]),
    );
    expect((await events()).filter((event) => event === `PaymentReceived payment-${id}`)).toHaveLength(1);
    expect(answers.filter(({ headers }) => headers.has('idempotency-replayed'))).toEqual([]);
  });

  it('go back when they were paid for no order, and can not be paid again', async () => {
    const { body } = await post<Requested>('/payments', asked({ order_id: 9_020 }));
    const path = `/payments/process/${body.payment_id}`;

    expect((await post(path, CARD)).status).toBe(200);

    await eventually(async () =>
      expect((await get(`/payments/${body.payment_id}`)).body).toMatchObject({ is_paid: false, state: 'refunded' }),
    );
    expectProblem(await post(path, CARD), { status: 409, type: 'payment-closed' });
  });

  it('are one, though twenty ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post<Requested>('/payments', asked({ order_id: 9_021 }))),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it.each([
    [0.01, 0.01],
    ['0.5', 0.5],
    [1e3, 1000],
    ['9999999999.99', 9_999_999_999.99],
    [100_000_000, 100_000_000],
    [1.15, 1.15],
  ])('may be of %j', async (total_amount, number) => {
    const order_id = 9_100 + (await payments()).length;
    const { body } = await post<Requested>('/payments', asked({ order_id, total_amount }));

    expect((await get<Payment>(`/payments/${body.payment_id}`)).body.total_amount).toBe(number);
  });

  it.each([
    { cardNumber: '9999999999999', cardCode: '012', expirationDate: '2030-01' },
    { cardNumber: '4'.repeat(19), cardCode: 1234, expirationDate: '2099-12-31' },
    { cardNumber: 100_000_000_000, cardCode: '0000', expirationDate: '2099-12', cardHolder: 'Ada' },
  ])('are paid with the card %j', async (card) => {
    const { id } = await place();

    expect((await post(`/payments/process/${id}`, card)).status).toBe(200);
  });

  it('are listed in pages, by id', async () => {
    const first = await get<{ items: Payment[]; nextCursor: string }>('/payments?limit=2');
    const all = await payments();

    expect(first.body.items).toEqual(all.slice(0, 2));
    expect(first.headers.get('link')).toBe(`</payments?limit=2&cursor=${first.body.nextCursor}>; rel="next"`);
    expect(all.map(({ id }) => id)).toEqual(all.map((_, index) => index + 1));
  });
});
