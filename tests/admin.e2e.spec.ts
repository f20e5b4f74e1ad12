import { poison } from '../scripts/poison.cjs';
import { type Answer, ask, CONSUMERS, eventually, expectProblem, grace, openShop, type TestShop } from './shop';

interface Group {
  consumer: string;
  error_key: string;
  error: string;
  streams: number;
  events: number;
  wait_for_a_person: number;
}

interface Detail {
  stream: string;
  waiting: number;
  attempts: number;
  events: { position: number; revision: number; payload: string; attempts: { error: string }[] }[];
  repairs: { action: string; who: string; why: string }[];
}

const ME = { who: 'Jane Doe', why: 'a test' };

describe('A shop with a poisoned event', () => {
  let shop: TestShop;
  let number = 900;
  /** The stream and the position of a new poisoned event, parked. */
  const parked = async (tail = 0): Promise<{ stream: string; position: number }> => {
    const id = number++;
    const stream = `user-${id}`;
    const position = await poison(shop.database, stream, '{"event":"UserCreated"');
    for (let n = 0; n < tail; n++) {
      const event = {
        event: 'UserDeleted',
        id,
        name: 'T',
        email: `t${id}@example.com`,
        user_type_id: 1,
        datetime: 'now',
      };
      await poison(shop.database, stream, JSON.stringify(event), 'UserDeleted');
    }
    await shop.write(grace({ email: `wakes${id}@example.com` }));
    await eventually(async () => expect((await show(stream)).body.waiting).toBe(tail + 1));
    return { stream, position };
  };
  const show = (stream: string): Promise<Answer<Detail>> =>
    shop.get(`/admin/parked/stream?consumer=coolriel&stream=${stream}`);
  const groups = async (): Promise<Group[]> => (await shop.get<Group[]>('/admin/parked')).body;
  const repair = <T>(action: string, body: object): Promise<Answer<T>> =>
    shop.post<T>(`/admin/parked/${action}`, { consumer: 'coolriel', ...ME, ...body });
  const coolriel = async (position: number) => {
    const { body } = await shop.get<{ way: { consumer: string; state: string; repairs: object[] }[] }>(
      `/events/${position}`,
    );
    return body.way.find(({ consumer }) => consumer === 'coolriel')!;
  };

  beforeAll(async () => {
    shop = await openShop(undefined, { EDIT_PARKED_EVENTS: 'on' });
  });
  afterAll(() => shop.remove());

  it('groups what is parked by its cause, lists the streams of a group, and shows one with all its attempts', async () => {
    const first = await parked(2);
    const second = await parked();

    const [group] = await groups();
    const query = `consumer=coolriel&error_key=${group.error_key}`;
    const page = await shop.get<{ items: { stream: string; failed_at: string }[]; nextCursor: string }>(
      `/admin/parked/streams?${query}&limit=1`,
    );
    const next = await shop.get<{ items: { stream: string; failed_at: string }[]; nextCursor: string | null }>(
      `/admin/parked/streams?${query}&limit=1&cursor=${page.body.nextCursor}`,
    );

    expect(group).toMatchObject({ consumer: 'coolriel', streams: 2, events: 4, wait_for_a_person: 0 });
    expect(group.error).toMatch(/^InvalidEvent: UserCreated can not be recorded or read: /);
    // By their last failure: on a slow machine the first has had its second by now.
    const listed = [...page.body.items, ...next.body.items];
    expect(listed.map(({ stream }) => stream).toSorted()).toEqual([first.stream, second.stream]);
    expect(listed[0].failed_at <= listed[1].failed_at).toBe(true);
    expect(next.body.nextCursor).toBeNull();
    const { body } = await show(first.stream);
    expect(body).toMatchObject({ stream: first.stream, waiting: 3, repairs: [] });
    expect(body.events.map(({ position }) => position)).toEqual([0, 1, 2].map((n) => first.position + n));
    expect(body.events[0].attempts.length).toBeGreaterThanOrEqual(2);
    expect(body.events[0].payload).toBe('{"event":"UserCreated"');
  });

  it('lets a person skip it with a reason; the tail follows, the way says so, and a second click is refused', async () => {
    const { stream, position } = await parked(1);

    const answers = await Promise.all([1, 2, 3].map(() => repair('skip', { stream, position })));

    // Who comes too late finds the stream free, or at its next event.
    const late = answers.filter(({ status }) => status !== 200);
    expect(late).toHaveLength(2);
    for (const { status } of late) expect([404, 409]).toContain(status);
    await eventually(async () => expect((await coolriel(position + 1)).state).toBe('handled'));
    expect(await coolriel(position)).toMatchObject({ state: 'skipped', repairs: [{ action: 'skip-event', ...ME }] });
    expectProblem(await show(stream), { status: 404, type: 'stream-not-parked' });
  });

  it('lets a person edit it for coolriel alone; its e-mail goes, the log stays as it is', async () => {
    const { stream, position } = await parked();
    const data = {
      event: 'UserCreated',
      id: Number(stream.slice(5)),
      name: 'Cured',
      email: 'cured@example.com',
      user_type_id: 1,
      datetime: 'now',
    };

    expectProblem(await repair('edit', { stream, position, revision: 0, data: { ...data, id: 1 } }), {
      status: 400,
      type: 'edit-refused',
      pointers: ['#/data'],
    });
    expectProblem(await repair('edit', { stream, position, revision: 7, data }), {
      status: 409,
      type: 'parked-otherwise',
    });
    const edited = await repair('edit', { stream, position, revision: 0, data });

    expect(edited).toMatchObject({ status: 200, body: { edited: position, revision: 1 } });
    await eventually(async () =>
      expect((await shop.emails()).filter(({ recipient }) => recipient === 'cured@example.com')).toHaveLength(1),
    );
    const audit = await shop.get<{ items: { action: string; detail: { before: string; after: string } }[] }>(
      '/admin/audit?limit=1',
    );
    expect(audit.body.items).toMatchObject([
      { action: 'edit-event', ...ME, detail: { before: '{"event":"UserCreated"', after: JSON.stringify(data) } },
    ]);
  });

  it('lets a person try a stream and a whole group again', async () => {
    const { stream } = await parked();
    const [{ error_key }] = await groups();
    const before = (await show(stream)).body.events[0].attempts.length;

    expect(await repair('retry', { stream })).toMatchObject({ status: 200, body: { retried: 1 } });
    await eventually(async () => expect((await show(stream)).body.events[0].attempts.length).toBeGreaterThan(before));
    expect((await show(stream)).body.repairs).toMatchObject([{ action: 'retry-stream', ...ME }]);
    const group = await repair<{ until: number; retried: number; more: boolean }>('retry-group', { error_key });

    expect(group).toMatchObject({ status: 200, body: { more: false } });
    expect(group.body.retried).toBeGreaterThanOrEqual(2);
    // The same go: whatever failed again has failed since.
    const again = await repair<{ retried: number }>('retry-group', { error_key, until: group.body.until });
    expect(again.body).toMatchObject({ retried: 0 });
  });

  it.each([
    ['retry', { stream: 'user-1' }, 404, 'stream-not-parked'],
    ['skip', { stream: 'user-1', position: 1 }, 404, 'stream-not-parked'],
    ['retry', { stream: 'user-1', who: '' }, 400, 'invalid-input'],
    ['retry', { stream: 'user-1', why: undefined }, 400, 'invalid-input'],
    ['skip', { stream: 'user-1', position: '1' }, 400, 'invalid-input'],
    ['edit', { stream: 'user-1', position: 1, revision: 0, data: 'x' }, 400, 'invalid-input'],
    ['retry-group', { error_key: 'x' }, 400, 'invalid-input'],
  ])('refuses to %s %j', async (action, body, status, type) => {
    const { status: given, body: problem } = await repair<{ type: string }>(action, body);

    expect([given, problem.type]).toEqual([status, `urn:magasin:${type}`]);
  });

  it('refuses to edit where the setting does not allow it', async () => {
    const careful = await openShop();

    const answer = await ask(`${careful.store}/admin/parked/edit`, 'POST', {
      consumer: 'coolriel',
      stream: 'user-1',
      position: 1,
      revision: 0,
      data: {},
      ...ME,
    });

    await careful.remove();
    expectProblem(answer, { status: 403, type: 'editing-is-off' });
  });

  it('tells how the consumers are doing', async () => {
    const { body } = await shop.get<object[]>('/admin/consumers');

    expect(body).toMatchObject(CONSUMERS.map((consumer) => ({ consumer, state: 'running', lag_seconds: 0 })));
  });
});
