import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { freePort } from '../../scripts/services/services.mjs';
import { needs } from '../needs';
import { expectProblem } from '../shop';
import { eventually, readAll, shopFolder, ShopProcess } from '../shop-process';
import { call, type Gateway, openGateway } from './gateway';
import { openNames } from './names';

// Processes that start on a machine that does much else.
jest.setTimeout(300_000);

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Two addresses of an app that does as it is told: what no app of ours does by itself. */
async function openApp(port: number) {
  const heard: IncomingMessage[] = [];
  let behaviour: Behaviour;
  const servers: Server[] = [];
  for (const address of ['127.0.0.2', '127.0.0.3']) {
    const server = createServer((request, response) => {
      heard.push(request);
      request.resume().once('end', () => behaviour(request, response));
    });
    await new Promise<void>((done) => server.listen(port, address, done));
    servers.push(server);
  }
  return {
    heard,
    does: (next: Behaviour): void => {
      heard.length = 0;
      behaviour = next;
    },
    close: (): void => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

needs('nginx')('An app behind the gateway', () => {
  let app: Awaited<ReturnType<typeof openApp>>;
  let names: Awaited<ReturnType<typeof openNames>>;
  let gateway: Gateway;
  beforeAll(async () => {
    const port = await freePort();
    app = await openApp(port);
    names = await openNames({ 'app.test': ['127.0.0.2', '127.0.0.3'] });
    gateway = await openGateway({
      STORE_UPSTREAM: `app.test:${port}`,
      PAYMENTS_UPSTREAM: `app.test:${port}`,
      NGINX_LOCAL_RESOLVERS: names.address,
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await names.close();
    app.close();
  });

  const orders = (method: string, headers = {}) =>
    call(`${gateway.url}/store-api/orders?a=%22b`, method, { order_id: 1 }, headers);

  it('hears from the gateway who asked, and never from the caller', async () => {
    app.does((_request, response) => response.end());

    await orders('POST', {
      forwarded: 'for=9.9.9.9',
      'x-forwarded-for': '9.9.9.9',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    });

    const [{ method, url, headers }] = app.heard;
    expect([method, url]).toEqual(['POST', '/orders?a=%22b']);
    expect(Object.entries(headers).filter(([name]) => name.includes('forwarded'))).toEqual([
      ['x-forwarded-for', '127.0.0.1'],
      ['x-forwarded-host', new URL(gateway.url).host],
      ['x-forwarded-proto', 'http'],
    ]);
  });

  it.each([
    ['POST', 1],
    ['PUT', 2],
  ])('that hangs up on a %s was asked %d times', async (method, times) => {
    app.does(({ socket }) => void socket.destroy());

    expectProblem(await orders(method), { status: 502 });

    expect(app.heard.map((request) => request.method)).toEqual(Array(times).fill(method));
  });

  it.each(['POST', 'PUT'])('may refuse a %s with a 503, which goes to nobody else', async (method) => {
    app.does((_request, response) => void response.writeHead(503, { 'retry-after': '1' }).end('{"error":"away"}'));

    const { status, headers, text } = await orders(method);

    expect([status, headers.get('retry-after'), text]).toEqual([503, '1', '{"error":"away"}']);
    expect(app.heard).toHaveLength(1);
  });

  it('that does not answer in time is not asked again', async () => {
    app.does(() => undefined);

    expectProblem(await call(`${gateway.url}/store-api/test/slow/30`), { status: 504 });

    expect(app.heard.map(({ url }) => url)).toEqual(['/test/slow/30']);
  });

  it('that hangs up in the head of its answer gave none', async () => {
    app.does(({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nContent-'));

    expectProblem(await orders('POST'), { status: 502 });
  });

  it('may send elsewhere, and its own paths become those of the gateway', async () => {
    const sent: Record<string, string> = {
      '/orders/7': '/store-api/orders/7',
      '/payments/6': '/payments-api/payments/6',
      '/elsewhere': '/elsewhere',
      'https://bank.example/orders/7': 'https://bank.example/orders/7',
    };
    for (const [location, shown] of Object.entries(sent)) {
      app.does((_request, response) => void response.writeHead(201, { location }).end());
      expect((await orders('PUT')).headers.get('location')).toBe(shown);
    }
  });
});

needs('nginx')('Two stores behind the gateway', () => {
  const { folder, remove } = shopFolder();
  const stores: ShopProcess[] = [];
  const found: Record<string, string[]> = {};
  let port: number;
  let names: Awaited<ReturnType<typeof openNames>>;
  let gateway: Gateway;
  beforeAll(async () => {
    port = await freePort();
    names = await openNames(found);
    gateway = await openGateway({ STORE_UPSTREAM: `store.test:${port}`, NGINX_LOCAL_RESOLVERS: names.address });
  });
  afterAll(async () => {
    await gateway.stop();
    for (const store of stores) await store.end('SIGTERM');
    await names.close();
    await remove();
  });

  const start = async (HOST: string): Promise<ShopProcess> => {
    const settings = { APPS: 'store-manager', HOST, STORE_MANAGER_PORT: String(port) };
    const store = await ShopProcess.start(folder, settings);
    stores.push(store);
    return store;
  };

  it('may come late, take over from one another, and move', async () => {
    const acknowledged: string[] = [];
    const write = async (email: string): Promise<number> => {
      const { status } = await call(`${gateway.url}/store-manager-api/users`, 'POST', { name: 'Ada', email });
      if (status === 201) acknowledged.push(email);
      return status;
    };
    const writeMany = (name: string): Promise<number[]> =>
      Promise.all(Array.from({ length: 20 }, (_, index) => write(`${name}${index}@example.com`)));

    expect(await write('early@example.com')).toBe(502);
    const [first, second] = [await start('127.0.0.2'), await start('127.0.0.3')];
    found['store.test'] = ['127.0.0.2', '127.0.0.3'];
    await eventually(async () => expect(await write('found@example.com')).toBe(201));

    await first.end('SIGKILL');
    // Nothing was sent to the one that is away, so a POST too goes to the other.
    expect(await writeMany('killed')).toEqual(Array(20).fill(201));

    const third = await start('127.0.0.4');
    await second.end('SIGTERM');
    found['store.test'] = ['127.0.0.4'];
    // Each worker of nginx asks for names by itself, and believes an answer for ten seconds.
    let round = 0;
    await eventually(async () => expect(await writeMany(`moved${round++}-`)).toEqual(Array(20).fill(201)));

    const written = (await readAll<{ id: number; email: string }>(`${third.store}/users`)).filter(({ id }) => id > 5);
    expect(written.map(({ email }) => email).toSorted()).toEqual(acknowledged.toSorted());
  });
});
