import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { faultsOfTheBooks, type Order, readBooks } from './books';
import { eventually, shopFolder, ShopProcess } from './shop-process';

/** Whoever answers where the store looks for payments. */
async function standIn(listener: RequestListener): Promise<{ url: string; asked: () => number; server: Server }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    request.resume();
    listener(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked, server };
}

const json =
  (status: number, text: string): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);

const RUBBISH: [what: string, answer: RequestListener][] = [
  ['no JSON', json(201, '<html>it works</html>')],
  ['an empty object', json(201, '{}')],
  ['no object', json(200, '[1]')],
  ['an id that is none', json(201, '{"payment_id":"x","payment_link":"http://localhost/1"}')],
  ['a link that is none', json(201, '{"payment_id":1,"payment_link":"javascript:alert(1)"}')],
  ['an error of its own', json(500, '{"payment_id":1,"payment_link":"http://localhost/1"}')],
  ['a way to elsewhere', (_, response) => response.writeHead(302, { location: 'http://localhost:1/' }).end()],
  ['a cut', (_, response) => void response.socket!.destroy()],
  [
    'more and more',
    (_, response) => {
      response.writeHead(201, { 'content-type': 'application/json' });
      const more = setInterval(() => response.write(' '.repeat(10_000)), 5);
      response.on('close', () => clearInterval(more));
    },
  ],
];

// Each test starts processes, and waits until one of them has seen what the other wrote.
jest.setTimeout(300_000);

describe('The store and its payments as two processes', () => {
  let folder: string;
  let remove: () => void;
  const running: { end: () => Promise<unknown> }[] = [];
  beforeEach(() => ({ folder, remove } = shopFolder()));
  afterEach(async () => {
    for (const one of running.splice(0)) await one.end();
    await remove();
  });

  const start = async (environment: Record<string, string>): Promise<ShopProcess> => {
    const shop = await ShopProcess.start(folder, environment);
    running.push({
      end: () => {
        shop.child.kill('SIGCONT');
        return shop.end('SIGTERM');
      },
    });
    return shop;
  };
  const startStore = (settings: Record<string, string> = {}): Promise<ShopProcess> =>
    start({ APPS: 'store-manager,coolriel', PAYMENTS_TIMEOUT: '1', ...settings });
  const startPayments = (): Promise<ShopProcess> => start({ APPS: 'payments' });
  const away = async (listener: RequestListener) => {
    const stranger = await standIn(listener);
    running.push({
      end: async () => {
        stranger.server.closeAllConnections();
        await new Promise((done) => stranger.server.close(done));
      },
    });
    return stranger;
  };

  const order = async ({ store }: ShopProcess, headers: Record<string, string> = {}): Promise<Order> => {
    const response = await fetch(`${store}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ user_id: 1, items: [{ product_id: 4, quantity: 2 }] }),
    });
    expect(response.status).toBe(201);
    const { order_id } = (await response.json()) as { order_id: number };
    return (await (await fetch(`${store}/orders/${order_id}`)).json()) as Order;
  };

  /** In the end all is as if payments had never been away. */
  const expectWhole = async (store: ShopProcess, payments: ShopProcess, orders: number): Promise<void> => {
    const places = { store: store.store, coolriel: store.coolriel, payments: payments.payments };
    await eventually(async () => expect(await faultsOfTheBooks(places)).toEqual([]));
    const books = await readBooks(places);
    const ids = new Map(books.payments.map(({ id, order_id }) => [order_id, id]));
    expect(books.orders.map(({ payment_link }) => payment_link)).toEqual(
      books.orders.map(({ id }) => `${payments.payments}/payments/process/${ids.get(id)}`),
    );
    expect(books.orders).toHaveLength(orders);
    expect(books.emails).toHaveLength(orders);
  };

  it('carry an order by events when payments comes later', async () => {
    const store = await startStore();
    expect((await order(store)).payment_link).toBeNull();
    expect((await order(store)).payment_link).toBeNull();

    await expectWhole(store, await startPayments(), 2);
  });

  it('have the link with the answer in sync, with and without an Idempotency-Key, and one payment for it', async () => {
    const payments = await startPayments();
    const store = await startStore({ PAYMENTS_MODE: 'sync', PAYMENTS_URL: payments.payments, PAYMENTS_TIMEOUT: '30' });

    const first = await order(store);
    const second = await order(store, { 'idempotency-key': '"two"' });
    expect([first, second].map(({ payment_link }) => payment_link)).toEqual(
      [1, 2].map((id) => `${payments.payments}/payments/process/${id}`),
    );
    expect((await order(store, { 'idempotency-key': '"two"' })).id).toBe(second.id);
    await expectWhole(store, payments, 2);
  });

  it('keep the order in sync when payments is stopped, and it gets its link when payments wakes', async () => {
    const payments = await startPayments();
    const store = await startStore({ PAYMENTS_MODE: 'sync', PAYMENTS_URL: payments.payments });
    payments.child.kill('SIGSTOP');

    expect((await order(store)).payment_link).toBeNull();
    expect((await order(store, { 'idempotency-key': '"two"' })).payment_link).toBeNull();
    payments.child.kill('SIGCONT');
    await expectWhole(store, payments, 2);
  });

  it('keep the order in sync when payments takes 10 seconds, answers rubbish, or is not there', async () => {
    const late: RequestListener = (request, response) =>
      void delay(10_000, undefined, { ref: false }).then(() => json(201, '{"payment_id":7}')(request, response));
    let answer = late;
    const { url, asked, server } = await away((request, response) => answer(request, response));
    const store = await startStore({ PAYMENTS_MODE: 'sync', PAYMENTS_URL: url });

    const orders = await Promise.all(Array.from({ length: 20 }, () => order(store)));
    expect(orders.map(({ payment_link }) => payment_link)).toEqual(orders.map(() => null));
    for (const [what, rubbish] of RUBBISH) {
      answer = rubbish;
      expect([what, (await order(store)).payment_link]).toEqual([what, null]);
    }
    expect(asked()).toBe(20 + RUBBISH.length);
    server.closeAllConnections();
    server.close();
    expect((await order(store)).payment_link).toBeNull();
    expect((await order(store, { 'idempotency-key': '"again"' })).payment_link).toBeNull();

    await expectWhole(store, await startPayments(), 22 + RUBBISH.length);
  });
});
