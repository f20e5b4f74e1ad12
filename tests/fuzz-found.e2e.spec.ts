import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { exchange, type WireAnswer } from './fuzz/wire';
import { ask, type Email, expectProblem, grace, openShop, type TestShop } from './shop';
import { shopFolder, ShopProcess } from './shop-process';

/** What the fuzz has found, each as a plain test. */
describe('A shop that is sent what the fuzz has found', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop(undefined, { EDIT_PARKED_EVENTS: 'on' });
    await shop.write(grace());
    await shop.sent(1);
  });
  afterAll(() => shop.remove());

  const head = (...lines: string[]): string => [...lines, '', ''].join('\r\n');
  const send = (text: string, options = {}): Promise<WireAnswer[]> =>
    exchange(shop.store, Buffer.from(text, 'latin1'), options);
  const post = (...lines: string[]): string =>
    head('POST /users HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...lines);
  const withBody = (answer: WireAnswer) => ({ ...answer, body: JSON.parse(answer.text) as unknown });

  describe('on the wire', () => {
    it.each([
      ['no method that there is', 400, head('FETCH /users HTTP/1.1', 'Host: x')],
      ['no version that there is', 400, head('GET /users HTTP/9.9', 'Host: x')],
      ['a byte that no path has', 400, head('GET /users/\xFF HTTP/1.1', 'Host: x')],
      ['a header without a name', 400, head('GET /users HTTP/1.1', 'Host: x', ': y')],
      ['no Host', 400, head('GET /users HTTP/1.1')],
      ['a length that is no number', 400, post('Content-Length: abc')],
      ['two ways to say where the body ends', 400, post('Content-Length: 2', 'Transfer-Encoding: chunked')],
      ['a chunk without its size', 400, `${post('Transfer-Encoding: chunked')}zz\r\n{}\r\n`],
      ['a head of 20 kB', 431, head('GET /users HTTP/1.1', 'Host: x', `X: ${'x'.repeat(20_000)}`)],
      ['a wish for a tunnel', 400, head('CONNECT x:80 HTTP/1.1', 'Host: x')],
    ])('refuses %s with a problem document', async (_what, status, text) => {
      const [answer] = await send(text);

      expectProblem(withBody(answer), { status });
    });

    it('refuses a body of which the half is missing with a problem document', async () => {
      const [answer] = await send(`${post('Content-Length: 100')}{`, { hangUp: true });

      expectProblem(withBody(answer), { status: 400 });
    });

    it('does not mind what else a request expects', async () => {
      const [answer] = await send(head('GET /users/6 HTTP/1.1', 'Host: x', 'Expect: 200-ok'));

      expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('Grace') as string });
    });

    it('gives a request its own answer when what follows on the connection can not be read', async () => {
      const body = JSON.stringify(grace({ email: 'wire@example.com' }));

      const answers = await send(`${post(`Content-Length: ${body.length}`)}${body}{}\r\n\r\n`);

      expect(answers).toMatchObject([{ status: 201 }]);
      await shop.sent(2);
    });

    it('takes a wish for another protocol as what it is besides, on every address of localhost', async () => {
      for (const { address, family } of await lookup('localhost', { all: true })) {
        const origin = Object.assign(new URL(shop.store), { hostname: family === 6 ? `[${address}]` : address }).origin;
        const wish = head('GET /users/6 HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: h2c');

        expect(await exchange(origin, Buffer.from(wish))).toMatchObject([{ status: 200 }]);
      }
    });
  });

  it('lets who sends too much see that it was too much', async () => {
    const chunk = Buffer.alloc(500_000, 'x');
    const much = async function* (): AsyncGenerator<Buffer> {
      for (let n = 0; n < 40; n++) yield chunk;
    };
    const headers = { 'content-type': 'application/json' };

    for (let n = 0; n < 20; n++) {
      const { status } = await fetch(`${shop.store}/users`, { method: 'POST', headers, body: much(), duplex: 'half' });
      expect(status).toBe(413);
    }
  });

  it('names the path that was asked alone when the target is a whole address', async () => {
    const [answer] = await send(head('GET http://evil.example/users/99?x HTTP/1.1', 'Host: x'));

    expectProblem(withBody(answer), { status: 404, type: 'user-not-found' });
    expect(withBody(answer).body).toMatchObject({ instance: '/users/99' });
  });

  it.each([
    ['lists', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['a list in a hundred objects', `${'{"a":'.repeat(100)}[]${'}'.repeat(100)}`],
  ])('refuses %s in one another, with a key and without', async (_what, nested) => {
    for (const headers of [{}, { 'idempotency-key': 'deep' }] as Record<string, string>[]) {
      const body = `{"name":"Grace","email":"deep@example.com","more":${nested}}`;
      const answer = await ask(`${shop.store}/users`, 'POST', body, 'application/json', headers);

      expectProblem(answer, { status: 400 });
      expect(answer.body).toMatchObject({ detail: 'The body is nested deeper than 100 levels.' });
    }
  });

  it.each([
    ['/admin/parked/retry', 'source', { consumer: 'coolriel', stream: 'user-6' }],
    ['/admin/parked/skip', 'source', { consumer: 'coolriel', stream: 'user-6', position: 7 }],
    ['/admin/parked/retry-group', 'until', { consumer: 'coolriel', error_key: '0a1b2c3d4e5f6071' }],
    ['/admin/replays/dry-run', 'types', { consumer: 'coolriel', from: 1, to: 12 }],
    ['/admin/emails/send-again', 'error', { state: 'failed', until: 12 }],
  ])('refuses null, on %s, for %s, which may be left out', async (path, field, rest) => {
    const body = { who: 'Jane Doe', why: 'a test', ...rest, [field]: null };
    const answer = await ask(shop.coolriel + path, 'POST', body);

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ pointer: `#/${field}` })]) as unknown,
    });
  });

  it('documents the attempts of an e-mail as they are', async () => {
    const [{ id }] = await shop.emails();

    const { body } = await ask<Email & { attempts: object[] }>(`${shop.coolriel}/emails/${id}/attempts`);

    expect(body.attempts).toMatchObject([{ outcome: 'sent' }]);
  });

  it('documents that events come as lines, too', async () => {
    const { status, text } = await ask(`${shop.store}/events`, 'GET', undefined, undefined, {
      accept: 'application/x-ndjson',
    });

    expect([status, text.trimEnd().split('\n').length]).toEqual([200, 2]);
  });
});

/** In one process with its clients it would take turns with them, and never be too quick. */
describe('A shop in a process of its own', () => {
  const { folder, remove } = shopFolder();
  let shop: ShopProcess;
  beforeAll(async () => {
    shop = await ShopProcess.start(folder);
  });
  afterAll(async () => {
    await shop.end('SIGTERM');
    await remove();
  });

  it('gives an answer in full to who is still writing what can not be read', async () => {
    const { hostname, port } = new URL(shop.store);
    for (let n = 0; n < 40; n++) {
      const socket = connect(Number(port), hostname);
      socket.write('GET /api/swagger-ui.css HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'readable');
      socket.write('x'.repeat(2_000_000));
      const answer = await textOf(socket);
      socket.destroy();

      const [head] = answer.split('\r\n\r\n');
      expect(answer.length).toBeGreaterThanOrEqual(head.length + Number(/content-length: (\d+)/.exec(head)![1]));
    }
    expect(shop.log).toBe('');
  });
});
