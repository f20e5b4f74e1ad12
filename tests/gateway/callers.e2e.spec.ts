import { connect } from 'node:net';
import { needs } from '../needs';
import { expectProblem, openShop, type TestShop } from '../shop';
import { eventually } from '../shop-process';
import { call, type Gateway, openGateway } from './gateway';

// A shop that starts on a machine that does much else.
jest.setTimeout(300_000);

const ORDER = { user_id: 1, items: [{ product_id: 2, quantity: 1 }] };
const MIB = 1024 * 1024;

needs('nginx')('The callers of the gateway', () => {
  let shop: TestShop;
  let gateway: Gateway;
  beforeEach(async () => {
    shop = await openShop();
    gateway = await openGateway({
      STORE_UPSTREAM: `127.0.0.1:${new URL(shop.store).port}`,
      PAYMENTS_UPSTREAM: `127.0.0.1:${new URL(shop.payments).port}`,
      CLIENT_TIMEOUT: '2s',
    });
  });
  afterEach(async () => {
    await gateway.stop();
    await shop.remove();
  });

  const order = (from: string, headers = {}) =>
    call<{ order_id: number }>(`${gateway.url}/store-api/orders`, 'POST', ORDER, headers, from);

  it('may make ten orders a minute, all together, and at once; PUT is not counted', async () => {
    const began = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        order(`127.0.0.${2 + (index % 3)}`, { 'x-forwarded-for': `9.9.9.${index}` }),
      ),
    );
    // One more every 6 seconds: a machine that stands still in between lets more through, and rightly.
    const late = Math.floor((performance.now() - began) / 6_000);

    const made = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(made.length).toBeGreaterThanOrEqual(10);
    expect(made.length).toBeLessThanOrEqual(10 + late);
    for (const answer of refused) {
      expectProblem(answer, { status: 429 });
      expect(answer.headers.get('retry-after')).toBe('6');
    }
    expect((await shop.get<{ items: object[] }>('/orders')).body.items).toHaveLength(made.length);

    const { order_id } = made[0].body;
    await eventually(async () =>
      expect((await shop.get(`/orders/${order_id}`)).body).toMatchObject({
        payment_link: expect.any(String) as string,
      }),
    );
    const puts = await Promise.all(
      Array.from({ length: 20 }, () =>
        call(`${gateway.url}/store-api/orders`, 'PUT', { order_id, is_paid: true }, {}, '127.0.0.2'),
      ),
    );
    expect(puts.map(({ status }) => status)).toEqual(Array(20).fill(200));
    // The same ten are not the last ones for ever.
    await eventually(async () => expect((await order('127.0.0.2')).status).toBe(201));
  });

  it('may send 1 MiB, as to an app itself, and not a byte more', async () => {
    const user = (length: number, email: string): string => {
      const text = (filling: string) => JSON.stringify({ name: 'Ada', email, filling });
      return text('x'.repeat(length - text('').length));
    };
    const write = (body: string, headers = {}) => call(`${gateway.url}/store-manager-api/users`, 'POST', body, headers);

    expect((await write(user(MIB, 'large@example.com'))).status).toBe(201);
    const refused = await write(user(MIB + 1, 'larger@example.com'));
    expectProblem(refused, { status: 413 });
    // The gateway's own words: an app would say the same with others.
    expect(refused.body).toMatchObject({ detail: 'The body has more than 1 MiB.' });
    expectProblem(await call(`${shop.store}/users`, 'POST', user(MIB + 1, 'larger@example.com')), { status: 413 });
    expect((await shop.users()).map(({ email }) => email)).not.toContain('larger@example.com');
  });

  it('may send what is larger in pieces of no told length, and are told the same', async () => {
    const response = await fetch(`${gateway.url}/store-manager-api/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob(['x'.repeat(MIB), 'x'.repeat(MIB)]).stream(),
      duplex: 'half',
    });

    const text = await response.text();
    const { status, headers } = response;
    expectProblem({ status, headers, text, body: JSON.parse(text) }, { status: 413 });
  });

  it('who are too slow are hung up on, bother no app, and keep nobody waiting', async () => {
    const head = 'POST /store-manager-api/users HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n';
    const body = JSON.stringify({ name: 'Ada', email: 'slow@example.com' });
    // Silent in the head, in the body; and one that sends a byte of the head now and then, for ever.
    const slow = await Promise.all([
      hangOn(gateway.port, head),
      hangOn(gateway.port, `${head}Content-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`),
      hangOn(gateway.port, `${head}X-Slow: `, 'x'),
    ]);

    const { status } = await call(`${gateway.url}/store-manager-api/users`, 'POST', {
      name: 'Ada',
      email: 'quick@example.com',
    });

    expect(status).toBe(201);
    expect(await Promise.all(slow.map(({ heard }) => heard))).toEqual(['', '', '']);
    await eventually(async () => expect(gateway.lines().filter((line) => line.status === 408)).toHaveLength(3));
    expect((await shop.users()).map(({ email }) => email)).not.toContain('slow@example.com');
  });
});

/** Sends this on a connection, and then something now and then. `heard` is what came until the other side closed it. */
async function hangOn(port: number, text: string, drop?: string): Promise<{ heard: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  // Who still writes on what is closed finds it broken.
  socket.on('error', () => undefined);
  await new Promise<void>((done) => socket.write(text, () => done()));
  const drops = drop === undefined ? undefined : setInterval(() => socket.write(drop), 100);
  const closed = new Promise<string>((done) =>
    socket.once('close', () => {
      clearInterval(drops);
      done(heard);
    }),
  );
  return { heard: closed };
}
