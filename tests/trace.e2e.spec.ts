import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Event, grace, openShop, type TestShop } from './shop';

type TracedEvent = Event & { correlation_id?: string; traceparent?: string };

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

describe('The trace of a request', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  const write = async (
    email: string,
    headers: Record<string, string> = {},
  ): Promise<{ id: number; answer: string }> => {
    const response = await fetch(`${shop.store}/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(grace({ email })),
    });
    const { user_id } = (await response.json()) as { user_id: number };
    return { id: user_id, answer: response.headers.get('x-correlation-id')! };
  };
  const eventOf = async (id: number): Promise<TracedEvent> => {
    const [{ position }] = await shop.events(`?stream=user-${id}`);
    return (await shop.get<TracedEvent>(`/events/${position}`)).body;
  };

  it('is answered, and kept with the event', async () => {
    const { id, answer } = await write('a@example.com', { 'X-Correlation-Id': 'till 3/#12', traceparent: TRACEPARENT });

    const event = await eventOf(id);
    expect(answer).toBe('till 3/#12');
    expect(event.correlation_id).toBe('till 3/#12');
    expect(event.traceparent).toBe(TRACEPARENT);
  });

  it('is named after the W3C trace when the caller gives no id, and is new when he gives neither', async () => {
    const traced = await write('b@example.com', { traceparent: TRACEPARENT });
    const fresh = await write('c@example.com', { traceparent: 'nonsense' });

    expect(traced.answer).toBe(TRACE);
    expect(fresh.answer).toMatch(/^[0-9a-f-]{36}$/);
    const event = await eventOf(fresh.id);
    expect(event.correlation_id).toBe(fresh.answer);
    expect(event).not.toHaveProperty('traceparent');
  });

  it('is answered for every request, also for those that no controller sees', async () => {
    for (const path of ['/users/6', '/users/abc', '/nowhere', '/users/%', '/health/live', `/${'x'.repeat(300)}`]) {
      const response = await fetch(shop.store + path, { headers: { 'x-request-id': `for ${path.length}` } });
      expect([path, response.headers.get('x-correlation-id')]).toEqual([path, `for ${path.length}`]);
    }
  });

  it('is kept apart from those that share its commit', async () => {
    const written = await Promise.all(
      Array.from({ length: 100 }, (_, n) => write(`many${n}@example.com`, { 'x-correlation-id': `request ${n}` })),
    );

    const events = await Promise.all(written.map(({ id }) => eventOf(id)));
    expect(events.map(({ correlation_id }) => correlation_id)).toEqual(written.map((_, n) => `request ${n}`));
    expect(written.map(({ answer }) => answer)).toEqual(written.map((_, n) => `request ${n}`));
  });

  it('holds for a body that comes late and in pieces, on a connection that had another one before', async () => {
    const body = JSON.stringify(grace({ email: 'pieces@example.com' }));
    const socket = connect(Number(new URL(shop.store).port), 'localhost').setEncoding('utf8');
    let answers = '';
    socket.on('data', (text: string) => (answers += text));
    const head = (id: string, length: number): string =>
      `POST /users HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nX-Correlation-Id: ${id}\r\n` +
      `Content-Length: ${length}\r\n\r\n`;

    socket.write(`${head('the first', 2)}{}`);
    await once(socket, 'data');
    socket.write(head('the second', body.length));
    for (const piece of [body.slice(0, 10), body.slice(10, 30), body.slice(30)]) {
      await delay(20);
      socket.write(piece);
    }
    await once(socket, 'data');
    socket.destroy();

    const id = Number(/"user_id":(\d+)/.exec(answers)![1]);
    expect(answers).toContain('x-correlation-id: the second');
    expect((await eventOf(id)).correlation_id).toBe('the second');
  });
});
