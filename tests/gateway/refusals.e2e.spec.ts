import { STATUS_CODES } from 'node:http';
import { exchange } from '../fuzz/wire';
import { needs } from '../needs';
import { type Answer, expectProblem, type ProblemDocument } from '../shop';
import { eventually } from '../shop-process';
import { call, type Gateway, openGateway } from './gateway';

const ORDERS = '/store-api/orders';
const HOST = 'Host: shop\r\n';

// No app is needed for what the gateway refuses by itself: nobody listens at port 1.
needs('nginx')('What the gateway refuses by itself', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await openGateway({ STORE_UPSTREAM: '127.0.0.1:1', PAYMENTS_UPSTREAM: 'payments.test:1' });
  });
  afterAll(() => gateway.stop());

  const expectOurProblem = (answer: Answer<unknown>, status: number, instance: string): void => {
    expectProblem(answer, { status });
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: STATUS_CODES[status],
      status,
      detail: (answer.body as ProblemDocument).detail,
      instance,
      error: (answer.body as ProblemDocument).detail,
    });
    expect(answer.headers.get('content-language')).toBe('en');
    expect(answer.headers.get('x-correlation-id')).toMatch(/./);
  };

  it.each([
    '/',
    '/orders',
    '/users',
    '/store-api',
    '/store-api/orders/',
    '/store-api/orders/7/items',
    '/store-api/orders/7%20',
    '/store-api/orders/7%0d%0aX-Evil:%201',
    '/store-api/orders/%C3%A9',
    '/store-api/stocks/1',
    '/store-manager-api/users/6',
    '/payments-api/payments/process/6/7',
    '/payments-api/metrics',
    '/health-check.html',
    '/problem',
    '/STORE-API/orders',
  ])('is the unknown path %s, for every method', async (path) => {
    for (const method of ['GET', 'POST', 'OPTIONS', 'PROPFIND']) {
      expectOurProblem(await call(`${gateway.url + path}?name=Ada`, method), 404, path);
    }
  });

  it('is a path that JSON would have to escape, which is not repeated', async () => {
    for (const path of ['/a"b', '/a\\b', '/a\x80b']) {
      const [answer] = await exchange(gateway.url, Buffer.from(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`, 'latin1'));
      expectOurProblem({ ...answer, body: JSON.parse(answer.text) }, 404, '/');
    }
  });

  it.each([
    ['/health-check', 'GET, HEAD, OPTIONS'],
    ['/payments-api/payments', 'OPTIONS, POST'],
    ['/payments-api/payments/6', 'GET, HEAD, OPTIONS, POST'],
    ['/payments-api/payments/process/6', 'GET, HEAD, OPTIONS, POST'],
    ['/store-manager-api/users', 'OPTIONS, POST'],
    [ORDERS, 'OPTIONS, POST, PUT'],
    ['/store-api/orders/7', 'GET, HEAD, OPTIONS'],
    ['/store-api/test/slow/1', 'GET, HEAD, OPTIONS'],
  ])('is a method that %s does not have: it has %s', async (path, allow) => {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']) {
      if (allow.includes(method)) continue;
      const answer = await call<ProblemDocument>(gateway.url + path, method);
      expectOurProblem(answer, 405, path);
      expect(answer.headers.get('allow')).toBe(allow);
      expect(answer.body.detail).toBe(`${method} is not among the methods of this path: ${allow}.`);
    }
    const options = await call(gateway.url + path, 'OPTIONS');
    expect([options.status, options.headers.get('allow'), options.text]).toEqual([204, allow, '']);
  });

  it.each([
    [400, '/', 'Bonjour!\r\n\r\n'],
    [400, '/health-check', 'GET /health-check HTTP/1.1\r\n\r\n'],
    [400, '/', `GET /% HTTP/1.1\r\n${HOST}\r\n`],
    [400, '/', `get /health-check HTTP/1.1\r\n${HOST}\r\n`],
    [400, '/', `GET /../../etc/passwd HTTP/1.1\r\n${HOST}\r\n`],
    [400, ORDERS, `POST ${ORDERS} HTTP/1.1\r\n${HOST}Content-Length: ten\r\n\r\n`],
    [400, ORDERS, `POST ${ORDERS} HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    [400, ORDERS, `POST ${ORDERS} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`],
    [414, '/', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\n${HOST}\r\n`],
    [431, '/health-check', `GET /health-check HTTP/1.1\r\n${HOST}X-Long: ${'a'.repeat(17_000)}\r\n\r\n`],
    [501, ORDERS, `POST ${ORDERS} HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip\r\n\r\n`],
    [505, '/', `GET / HTTP/3.0\r\n${HOST}\r\n`],
  ])('is with %d (%s) what can not be read', async (status, instance, bytes) => {
    const [answer] = await exchange(gateway.url, Buffer.from(bytes));

    expectOurProblem({ ...answer, body: JSON.parse(answer.text) }, status, instance);
    // And it goes on for others.
    expect((await call(`${gateway.url}/health-check`)).status).toBe(200);
  });

  it('is with 502 what goes to an app that is away, or whose name nobody knows', async () => {
    expectOurProblem(await call(gateway.url + ORDERS, 'POST', {}), 502, ORDERS);
    expectOurProblem(await call(`${gateway.url}/payments-api/payments/6`), 502, '/payments-api/payments/6');
  });

  it.each([
    [{ 'x-correlation-id': 'till "3"', 'x-request-id': 'r' }, 'till "3"'],
    [{ 'x-correlation-id': 'é', 'x-request-id': 'r' }, 'r'],
    [{ 'x-correlation-id': 'x'.repeat(129), traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }, 'a'.repeat(32)],
    [{ traceparent: `cc-${'a'.repeat(32)}-${'b'.repeat(16)}-01-more` }, 'a'.repeat(32)],
    [{ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01-more` }, /^[0-9a-f]{32}$/],
    [{ traceparent: `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01` }, /^[1-9a-f][0-9a-f]{31}$/],
  ])('has the id that an app would give it: %j', async (headers, id) => {
    const answer = await call(`${gateway.url}/nowhere`, 'GET', undefined, headers as Record<string, string>);

    const given = answer.headers.get('x-correlation-id');
    expect(given).toEqual(typeof id === 'string' ? id : (expect.stringMatching(id) as string));
    expect(given).not.toBe('a'.repeat(typeof id === 'string' ? 0 : 32));
    await eventually(async () =>
      expect(gateway.lines().at(-1)).toMatchObject({ correlation_id: given, route: 'unknown', status: 404 }),
    );
  });
});
