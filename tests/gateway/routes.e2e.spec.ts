import { freePort } from '../../scripts/services/services.mjs';
import { needs } from '../needs';
import { expectProblem } from '../shop';
import { eventually, shopFolder, ShopProcess } from '../shop-process';
import { call, type Gateway, openGateway } from './gateway';

// A shop that starts on a machine that does much else.
jest.setTimeout(300_000);

const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2030-01-05' };
const ORDER = { user_id: 1, items: [{ product_id: 2, quantity: 1 }] };
const ada = (email: string) => ({ name: 'Ada', email });

interface Order {
  payment_link: string;
  is_paid: boolean;
}

needs('nginx')('Through the gateway', () => {
  const { folder, remove } = shopFolder();
  let shop: ShopProcess;
  let gateway: Gateway;
  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    shop = await ShopProcess.start(folder, {
      PAYMENTS_MODE: 'sync',
      PAYMENTS_TIMEOUT: '30',
      PAYMENTS_URL: `${url}/payments-api`,
      STORE_API_URL: `${url}/store-api`,
      PAYMENT_LINK_BASE: `${url}/payments-api/payments/process`,
    });
    const upstreams = {
      STORE_UPSTREAM: `127.0.0.1:${new URL(shop.store).port}`,
      PAYMENTS_UPSTREAM: `127.0.0.1:${new URL(shop.payments).port}`,
    };
    gateway = await openGateway(upstreams, port);
  });
  afterAll(async () => {
    await gateway.stop();
    await shop.end('SIGTERM');
    await remove();
  });

  const post = <T>(path: string, body?: unknown, headers?: Record<string, string>) =>
    call<T>(gateway.url + path, 'POST', body, headers);
  const get = <T>(path: string) => call<T>(gateway.url + path);
  /** What the gateway was asked for by a request with this id, and what that led to. It notes it when it has answered. */
  const expectAsked = (id: string, requests: string[]): Promise<void> =>
    eventually(async () => {
      const lines = gateway.lines().filter(({ correlation_id }) => correlation_id === id);
      expect(lines.map(({ method, route, status }) => `${method} ${route} ${status}`)).toEqual(requests);
    });
  /** @returns the id of an order that is not paid, which is that of its payment too */
  const order = async (id = 'till 1'): Promise<number> => {
    const { status, headers, body } = await post<{ order_id: number }>('/store-api/orders', ORDER, {
      'x-correlation-id': id,
    });
    expect([status, headers.get('location')]).toEqual([201, `/store-api/orders/${body.order_id}`]);
    return body.order_id;
  };

  it('a user is written, and where he is read stays inside', async () => {
    const { status, headers, body } = await post<{ user_id: number }>('/store-manager-api/users', ada('a@example.com'));

    expect([status, headers.get('location')]).toEqual([201, null]);
    expect((await call(`${shop.store}/users/${body.user_id}`)).body).toMatchObject(ada('a@example.com'));
    expectProblem(await get(`/store-manager-api/users/${body.user_id}`), { status: 404 });
  });

  it('an order is made, gets its payment, and is paid on its page, all of it over the gateway', async () => {
    const id = await order('till 2');

    const { payment_link, is_paid } = (await get<Order>(`/store-api/orders/${id}`)).body;
    expect(payment_link).toMatch(new RegExp(`^${gateway.url}/payments-api/payments/process/\\d+$`));
    expect(is_paid).toBe(false);
    // 200 when the event was there before the call.
    const payment = expect.stringMatching(/^POST \/payments-api\/payments 20[01]$/) as string;
    await expectAsked('till 2', [payment, 'POST /store-api/orders 201']);
    const page = await call(payment_link);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain('<form');

    // As the script of the page does it.
    const paid = await call<object>(payment_link, 'POST', CARD, { 'x-correlation-id': 'till 3' });

    expect([paid.status, paid.body]).toEqual([200, expect.objectContaining({ order_id: id, is_paid: true })]);
    await expectAsked('till 3', ['PUT /store-api/orders 200', 'POST /payments-api/payments/process/:id 200']);
    expect((await get<Order>(`/store-api/orders/${id}`)).body.is_paid).toBe(true);
  });

  it('a payment is asked for, read where the answer says, and paid there too', async () => {
    const id = await order();
    const request = { user_id: 1, order_id: id, total_amount: 59.5 };

    const { status, headers, body } = await post<{ payment_id: number }>('/payments-api/payments', request);
    const location = headers.get('location')!;

    expect([status, location]).toEqual([200, `/payments-api/payments/${body.payment_id}`]);
    expect((await get(location)).body).toMatchObject({ order_id: id, is_paid: false });
    expect((await post(location, CARD)).body).toEqual({ order_id: id, payment_id: body.payment_id, is_paid: true });
    expect((await get(location)).body).toMatchObject({ order_id: id, is_paid: true });
  });

  it('an order is noted as paid', async () => {
    const order_id = await order();

    const { status, text } = await call(`${gateway.url}/store-api/orders`, 'PUT', { order_id, is_paid: true });

    expect([status, text]).toEqual([200, '{"updated":true}']);
    expect((await get<Order>(`/store-api/orders/${order_id}`)).body.is_paid).toBe(true);
  });

  it('who is slow has 5 seconds', async () => {
    const [whole, late] = await Promise.all(['1.5', '30'].map((delay) => get(`/store-api/test/slow/${delay}`)));

    expect([whole.status, whole.text]).toEqual([200, '{"slept":1.5}']);
    expectProblem(late, { status: 504 });
  });

  it('it is well itself, whatever the apps are', async () => {
    const { status, headers, text } = await get('/health-check');

    expect([status, headers.get('content-type'), text]).toEqual([
      200,
      'application/json; charset=utf-8',
      '{"status":"ok"}',
    ]);
  });

  it('what an app refuses comes as the app says it', async () => {
    const headers = { 'x-request-id': 'till 4' };
    const refusals = [
      ['/store-manager-api/users', `${shop.store}/users`, ada('alovelace@example.com')],
      ['/store-manager-api/users?a=%22', `${shop.store}/users?a=%22`, '{'],
      ['/store-api/orders', `${shop.store}/orders`, { ...ORDER, items: [{ product_id: 3, quantity: 3 }] }],
      ['/payments-api/payments/process/99', `${shop.payments}/payments/process/99`, CARD],
      ['/payments-api/payments/abc', `${shop.payments}/payments/process/abc`, CARD],
    ] as const;
    for (const [path, straight, body] of refusals) {
      const [one, other] = [await post(path, body, headers), await call(straight, 'POST', body, headers)];
      expect(one.status).toBeGreaterThanOrEqual(400);
      expect([one.status, one.text, told(one.headers)]).toEqual([other.status, other.text, told(other.headers)]);
    }
  });

  it('a request keeps its key, its trace and its id', async () => {
    const keyed = {
      'idempotency-key': '"8e03978e"',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    };
    const [first, second] = [
      await post('/store-manager-api/users', ada('keyed@example.com'), keyed),
      await post('/store-manager-api/users', ada('keyed@example.com'), keyed),
    ];

    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const { body } = await call<{ items: object[] }>(`${shop.store}/events?type=UserCreated&order=desc&limit=1`);
    const { id } = body.items[0] as { id: string };
    expect((await call(`${shop.store}/events/${id}`)).body).toMatchObject({
      traceparent: keyed.traceparent,
      correlation_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
    await expectAsked('4bf92f3577b34da6a3ce929d0e0e4736', Array(2).fill('POST /store-manager-api/users 201'));
  });
});

/** What is of the connection is the gateway's. */
function told(headers: Headers): Record<string, string> {
  const all = Object.fromEntries(headers);
  for (const name of ['date', 'server', 'connection', 'keep-alive', 'transfer-encoding']) delete all[name];
  return all;
}
