import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInTrace } from '@magasin/event-log';
import { callApp } from './call-app';

const TRACE = { correlation_id: 'till 3', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

describe('callApp', () => {
  let server: Server;
  let port: number;
  const heard: unknown[] = [];
  beforeAll(async () => {
    server = createServer(({ method, url, headers }, response) => {
      heard.push([method, url, headers['x-correlation-id'], headers.traceparent]);
      response.writeHead(409).end('no');
    });
    await new Promise<void>((done) => server.listen(0, 'localhost', done));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => server.close());
  beforeEach(() => heard.splice(0));

  const call = (app: string) => callApp(app, { method: 'POST', path: '/payments', body: {}, seconds: 30 });

  it.each(['/payments-api', '/payments-api/'])(
    'calls in the trace at hand, at an address that ends with %s',
    async (end) => {
      const answer = await runInTrace(TRACE, () => call(`http://localhost:${port}${end}`));

      expect(answer).toEqual({ status: 409, text: 'no' });
      expect(heard).toEqual([['POST', '/payments-api/payments', TRACE.correlation_id, TRACE.traceparent]]);
    },
  );

  it('calls without a trace where there is none', async () => {
    await call(`http://localhost:${port}`);

    expect(heard).toEqual([['POST', '/payments', undefined, undefined]]);
  });

  it('says why it got nowhere', async () => {
    const nobody = createServer();
    await new Promise<void>((done) => nobody.listen(0, 'localhost', done));
    const { port: closed } = nobody.address() as AddressInfo;
    await new Promise((done) => nobody.close(done));

    await expect(call(`http://localhost:${closed}`)).rejects.toThrow('ECONNREFUSED');
  });
});
