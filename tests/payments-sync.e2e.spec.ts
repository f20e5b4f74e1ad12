import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { eventually, shopFolder, ShopProcess } from './shop-process';

const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2030-01-05' };
type Behaviour = (request: IncomingMessage, response: ServerResponse, socket: Socket) => void;

const answer =
  (status: number, body: string, headers: Record<string, string> = {}): Behaviour =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);

interface Heard {
  method?: string;
  url?: string;
  correlation?: string;
  body: unknown;
}

/** A store that does as it is told. */
async function openStore(): Promise<{
  server: Server;
  url: string;
  heard: Heard[];
  does(behaviour: Behaviour): void;
}> {
  const heard: Heard[] = [];
  let behaviour: Behaviour;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { method, url, headers } = request;
      heard.push({ method, url, correlation: headers['x-correlation-id'] as string, body: JSON.parse(text) });
      behaviour(request, response, request.socket);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/store-api/`;
  return { server, url, heard, does: (next) => (behaviour = next) };
}

interface Line {
  level: string;
  app: string;
  context: string;
  correlation_id: string;
  msg: string;
}

describe('A payment in sync', () => {
  const { folder, remove } = shopFolder();
  let shop: ShopProcess;
  let store: Awaited<ReturnType<typeof openStore>>;
  const paid: number[] = [];
  beforeAll(async () => {
    store = await openStore();
    shop = await ShopProcess.start(folder, { PAYMENTS_MODE: 'sync', PAYMENTS_TIMEOUT: '1', STORE_API_URL: store.url });
  }, 300_000);
  afterAll(async () => {
    await shop.end('SIGTERM');
    store.server.closeAllConnections();
    store.server.close();
    await remove();
  });

  const send = async (url: string, body: object, correlation = 'till 3'): Promise<{ status: number; text: string }> => {
    const headers = { 'content-type': 'application/json', 'x-correlation-id': correlation };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  const charge = (id: number, card: object = CARD, correlation?: string) =>
    send(`${shop.payments}/payments/process/${id}`, card, correlation);
  /** Pays for a new order. @returns its id, and that of its payment. */
  const pay = async (correlation?: string): Promise<{ order_id: number; id: number }> => {
    const { text } = await send(`${shop.store}/orders`, { user_id: 1, items: [{ product_id: 2, quantity: 1 }] });
    const { order_id } = JSON.parse(text) as { order_id: number };
    const { text: payment } = await send(`${shop.payments}/payments`, { user_id: 1, order_id, total_amount: 59.5 });
    const { payment_id: id } = JSON.parse(payment) as { payment_id: number };
    expect(await charge(id, CARD, correlation)).toEqual({
      status: 200,
      text: `{"order_id":${order_id},"payment_id":${id},"is_paid":true}`,
    });
    paid.push(order_id);
    return { order_id, id };
  };
  const warnings = (order: number): Line[] =>
    shop.log
      .split('\n')
      .filter((line) => line.includes(`order ${order} `))
      .map((line) => JSON.parse(line) as Line);

  it('is told to the store before the payer is answered, in his trace, and once', async () => {
    store.does(answer(200, '{"updated":true}'));

    const { order_id, id } = await pay('till 4');

    const told = { method: 'PUT', url: '/store-api/orders', correlation: 'till 4', body: { order_id, is_paid: true } };
    expect(store.heard).toEqual([told]);
    expect((await charge(id)).status).toBe(200);
    expect(store.heard).toEqual([told]);
    expect(warnings(order_id)).toEqual([]);
  });

  it('is not told when it was refused', async () => {
    const before = store.heard.length;

    expect((await charge(99)).status).toBe(404);
    expect((await charge(1, { ...CARD, cardCode: 1 })).status).toBe(400);

    expect(store.heard).toHaveLength(before);
  });

  const never: Behaviour = () => undefined;
  it.each<[string, Behaviour, RegExp]>([
    ['refuses', answer(503, '{"error":"away"}'), /it answered 503/],
    ['knows no such order', answer(404, '{}'), /it answered 404/],
    ['hangs', never, /aborted due to timeout/],
    [
      'begins an answer and hangs',
      (_request, response) => void response.writeHead(200).write('{"updated"'),
      /aborted due to timeout/,
    ],
    ['goes away', (_request, _response, socket) => void socket.destroy(), /other side closed|ECONNRESET/],
    ['speaks no HTTP', (_request, _response, socket) => void socket.end('Bonjour!\r\n\r\n'), /./],
    ['answers what is no JSON', answer(200, 'Bonjour!'), /not \{"updated":true\}/],
    ['answers null', answer(200, 'null'), /not \{"updated":true\}/],
    ['answers nothing', answer(204, ''), /it answered 204/],
    ['answers that it did not', answer(200, '{"updated":false}'), /not \{"updated":true\}/],
    [
      'answers more and more',
      (_request, response) => {
        const more = setInterval(() => response.write(' '.repeat(10_000)), 5);
        response.on('close', () => clearInterval(more));
      },
      /its answer has no end/,
    ],
    ['sends elsewhere', answer(307, '', { location: '/elsewhere' }), /redirect/],
  ])('is paid all the same when the store %s, with one warning', async (_name, behaviour, why) => {
    store.does(behaviour);
    const before = store.heard.length;

    const { order_id } = await pay('till 5');

    await eventually(async () => expect(warnings(order_id)).toHaveLength(1));
    expect(warnings(order_id)).toEqual([
      expect.objectContaining({ level: 'warn', app: 'payments', context: 'payments', correlation_id: 'till 5' }),
    ]);
    const [{ msg }] = warnings(order_id);
    expect(msg).toMatch(/^The store was not told that order \d+ is paid: .+\. The event tells it\.$/);
    expect(msg).toMatch(why);
    expect(store.heard).toHaveLength(before + 1);
  });

  it('is paid all the same when there is no store', async () => {
    await new Promise((done) => {
      store.server.closeAllConnections();
      store.server.close(done);
    });

    const { order_id } = await pay();

    await eventually(async () => expect(warnings(order_id)).toHaveLength(1));
    expect(warnings(order_id)[0].msg).toMatch(/ECONNREFUSED/);
  });

  it('is told by the event in any case', async () => {
    const page = (await (await fetch(`${shop.store}/events?type=PaymentReceived&limit=500`)).json()) as {
      items: { data: { order_id: number } }[];
    };

    expect(page.items.map(({ data }) => data.order_id)).toEqual(paid);
  });
});

describe('A payment in async', () => {
  it('is told by the event alone', async () => {
    const { folder, remove } = shopFolder();
    const store = await openStore();
    store.does(answer(200, '{"updated":true}'));
    const shop = await ShopProcess.start(folder, { STORE_API_URL: store.url });
    const post = (path: string, body: object): Promise<Response> =>
      fetch(shop.payments + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await post('/payments', { user_id: 1, order_id: 7, total_amount: 5 });

    const { status } = await post('/payments/process/1', CARD);
    await shop.end('SIGTERM');
    store.server.close();
    await remove();

    expect([status, store.heard]).toEqual([200, []]);
  }, 300_000);
});
