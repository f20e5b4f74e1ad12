import { readAll, shopFolder, ShopProcess } from './shop-process';

interface Line {
  level: string;
  time: string;
  app: string;
  correlation_id?: string;
  context?: string;
  method?: string;
  route?: string;
  status?: number;
  ms?: number;
  msg: string;
}

const linesOf = ({ log }: ShopProcess): Line[] =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

const post = (store: string, id: string, user: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${store}/users?token=s3cret&email=grace@example.com`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-correlation-id': id, ...headers },
    body: JSON.stringify(user),
  });

describe('The log of the running shop', () => {
  const { folder, remove } = shopFolder();
  afterAll(remove);

  it('has a line for each request on stderr, with the correlation that the event keeps, and leaves stdout to people', async () => {
    const shop = await ShopProcess.start(folder, { LOG_LEVEL: 'info' });
    const user = { name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 };
    const { headers } = await post(shop.store, 'till 3', user);
    const event = (await (await fetch(`${shop.store}/events/1`)).json()) as { correlation_id: string };
    await fetch(`${shop.store}/users/7?name=Grace`);
    await fetch(`${shop.store}/grace@example.com`);
    await readAll(`${shop.coolriel}/emails`);
    await fetch(`${shop.store}/health/ready`);
    await shop.end('SIGTERM');

    const lines = linesOf(shop).filter(({ context }) => context === 'http');
    expect(lines.map(({ app, method, route, status }) => `${app} ${method} ${route} ${status}`)).toEqual([
      'store-manager POST /users 201',
      'store-manager GET /events/:id 200',
      'store-manager GET /users/:id 404',
      'store-manager GET unknown 404',
      'coolriel GET /emails 200',
    ]);
    expect(lines[0]).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      app: 'store-manager',
      correlation_id: 'till 3',
      context: 'http',
      method: 'POST',
      route: '/users',
      status: 201,
      ms: expect.any(Number) as number,
      msg: 'POST /users 201',
    });
    expect([headers.get('x-correlation-id'), event.correlation_id]).toEqual(['till 3', 'till 3']);
    expect(new Set(lines.map(({ correlation_id }) => correlation_id)).size).toBe(lines.length);
    // Both arrive as they come: what stdout had is what is left without the lines of the log.
    const stdout = shop.log.split('\n').reduce((left, line) => left.replace(line, ''), shop.output);
    expect(stdout).not.toContain('{');
  });

  it('names nobody and gives away no secret', async () => {
    const shop = await ShopProcess.start(`${folder}/secrets`, { LOG_LEVEL: 'trace' });
    const headers = { authorization: 'Bearer s3cret', cookie: 'session=s3cret' };
    await post(shop.store, 'a', { name: 'Grace Hopper', email: 'grace@example.com' }, headers);
    await post(shop.store, 'b', { name: 'Grace Hopper', email: 'grace@example.com' }, headers);
    await post(shop.store, 'c', { name: 'Grace Hopper', email: 'Grace' }, headers);
    await fetch(`${shop.store}/users/Grace`);
    await fetch(`${shop.store}/Grace/%?s3cret`);
    await shop.end('SIGTERM');

    expect(linesOf(shop).filter(({ context }) => context === 'http')).toHaveLength(5);
    expect(shop.log).not.toMatch(/grace|hopper|s3cret|authorization|cookie/i);
  });

  it('says how the shop starts to those who ask for it, and at most what is wrong to those who do not', async () => {
    const contexts = async (LOG_LEVEL: string): Promise<Set<string | undefined>> => {
      const shop = await ShopProcess.start(folder, { LOG_LEVEL });
      await fetch(`${shop.store}/users`);
      await fetch(`${shop.store}/health/live`);
      await shop.end('SIGTERM');
      return new Set(linesOf(shop).map(({ context }) => context));
    };

    expect([...(await contexts('debug'))]).toEqual(
      expect.arrayContaining(['RouterExplorer', 'InstanceLoader', 'http']),
    );
    expect([...(await contexts('warn'))]).toEqual([]);
    expect([...(await contexts('silent'))]).toEqual([]);
  });

  it('loses no line when the shop is told to stop under load', async () => {
    const shop = await ShopProcess.start(folder, { LOG_LEVEL: 'info' });
    const { store } = shop;
    let answered = 0;
    const client = async (): Promise<void> => {
      for (;;) {
        const response = await fetch(`${store}/user-types`).catch(() => undefined);
        if (!response?.ok) return;
        answered += 1;
        if (answered === 500) shop.child.kill('SIGTERM');
      }
    };

    await Promise.all(Array.from({ length: 20 }, client));
    expect(await shop.ended).toBe(0);

    const lines = linesOf(shop).filter(({ route, status }) => route === '/user-types' && status === 200);
    expect(answered).toBeGreaterThanOrEqual(500);
    expect(lines).toHaveLength(answered);
  });
});
