import { toAmount } from '@magasin/contracts';
import { activeInstance, EventBus, orderInstance, type Ranked, Redis } from '@magasin/event-bus';
import { Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { Problem, SettingsModule } from '@magasin/hosting';
import { MetricsModule } from '@magasin/operations';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Logger } from '@nestjs/common';
import { createClient, type RedisClientType } from '@redis/client';
import * as fc from 'fast-check';
import { StoreManagerSettings } from '../apps/store-manager/src';
import { AddOrder, CancelOrder, OrdersModule } from '../apps/store-manager/src/orders';
import { ReportsModule } from '../apps/store-manager/src/reports';
import { BestSellers } from '../apps/store-manager/src/reports/best-sellers/best-sellers';
import { HighestSpenders } from '../apps/store-manager/src/reports/highest-spenders/highest-spenders';
import { Rankings } from '../apps/store-manager/src/reports/rankings';
import { SetStock } from '../apps/store-manager/src/stocks';
import { DeleteUser } from '../apps/store-manager/src/users';
import { WriteUser } from '../apps/store-manager/src/users/commands/write-user';
import { needs } from './needs';
import { type OwnServer, ownRedis } from './services';
import { eventually } from './shop-process';

type Step =
  | { do: 'order'; user: number; items: [product: number, quantity: number][] }
  | { do: 'cancel'; place: number }
  | { do: 'leave'; place: number }
  | { do: 'join' };

const place = fc.nat(1_000);
const some = (kind: Step['do'], parts: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constant(kind), ...parts }) as fc.Arbitrary<Step>;
const line = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 60, arbitrary: some('order', { user: place, items: fc.array(line, { minLength: 1, maxLength: 4 }) }) },
  { weight: 20, arbitrary: some('cancel', { place }) },
  { weight: 5, arbitrary: some('leave', { place }) },
  { weight: 10, arbitrary: some('join') },
);
/** So many callers ask the store at once. */
const AT_ONCE = 32;
/** More than one step of a ranking takes: a half of it could be seen. */
const LONG_LOG = 1_500;

needs('redis-server')('The reports in Redis', () => {
  let redis: OwnServer;
  let scenario: Scenario;
  let log: EventLog;
  let rankings: Rankings;
  /** Those of another process, on the same log and the same Redis. */
  let twins: { rankings: Rankings; redis: Redis };
  let numbers = 0;
  let random = 0;
  beforeAll(async () => (redis = await ownRedis()));
  afterAll(() => redis?.remove());
  beforeEach(async () => {
    Logger.overrideLogger(false);
    const settings = SettingsModule.of(StoreManagerSettings, new StoreManagerSettings());
    const imports = [settings, MetricsModule, OrdersModule, ReportsModule];
    const there = new Redis(`redis://${redis.address}`);
    scenario = await Scenario.open({ imports }, (testing) => testing.overrideProvider(Redis).useValue(there));
    log = scenario.app.get(EventLog);
    rankings = scenario.app.get(Rankings);
    const another = new Redis(`redis://${redis.address}`);
    twins = { rankings: new Rankings(log, another), redis: another };
    twins.rankings.onApplicationBootstrap();
    for (const product_id of [1, 2, 3, 4])
      await scenario.app.get(CommandBus).execute(Object.assign(new SetStock(), { product_id, quantity: 2_000_000 }));
  });
  afterEach(async () => {
    await twins.rankings.onModuleDestroy();
    twins.redis.close();
    await scenario.end();
  });

  const rows = <T extends object>(sql: string): Promise<T[]> => log.reading.query<T[]>(sql);

  /** What the tables of the orders say. */
  const scan = async (): Promise<[Ranked[], Ranked[]]> => [
    await rows<Ranked>(`SELECT product_id AS id, sum(quantity) AS amount FROM order_items GROUP BY product_id
      ORDER BY amount DESC, product_id LIMIT 10`),
    await rows<Ranked>(`SELECT user_id AS id, sum(total_cents) AS amount FROM orders WHERE user_id IS NOT NULL
      GROUP BY user_id ORDER BY amount DESC, user_id LIMIT 10`),
  ];
  const read = async () => [await rankings.sellers!.top(10), await rankings.spenders!.top(10)];
  const agree = (): Promise<void> => eventually(async () => expect(await read()).toEqual(await scan()));

  const command = <T>(execute: object): Promise<T> => scenario.app.get(CommandBus).execute(execute as never);
  const commandOf = (one: Step, users: number[], orders: number[]): object => {
    numbers += 1;
    if (one.do === 'join') return Object.assign(new WriteUser(), { name: 'Ada', email: `u${numbers}@example.com` });
    if (one.do === 'leave') return new DeleteUser(users[one.place % users.length]);
    if (one.do === 'cancel') return new CancelOrder(orders[one.place % orders.length] ?? 1);
    const items = one.items.map(([product_id, quantity]) => ({ product_id, quantity }));
    return Object.assign(new AddOrder(), { user_id: users[one.user % users.length], items });
  };
  /** As callers come: all steps of a part at once, each about what there is when it begins. */
  const play = async (steps: Step[]): Promise<void> => {
    for (let from = 0; from < steps.length; from += AT_ONCE) {
      const [users, orders] = await Promise.all(
        ['users', 'orders'].map(async (table) =>
          (await rows<{ id: number }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id),
        ),
      );
      const ends = steps.slice(from, from + AT_ONCE).map((one) => command(commandOf(one, users, orders)));
      for (const end of await Promise.allSettled(ends)) {
        // Gone meanwhile: nothing has happened.
        if (end.status === 'rejected' && !(end.reason instanceof Problem)) throw end.reason;
      }
    }
  };
  const sample = (count: number): Step[] => fc.sample(step, { numRuns: count, seed: (random += 1) });

  const withRedis = async <T>(act: (client: RedisClientType) => Promise<T>): Promise<T> => {
    const client: RedisClientType = createClient({ url: `redis://${redis.address}` });
    await client.connect();
    return act(client).finally(() => client.destroy());
  };
  const flush = (): Promise<unknown> => withRedis((client) => client.flushAll());
  const kill = (): Promise<unknown> => redis.signal('SIGKILL').then(() => redis.start());
  const freeze = (): Promise<unknown> =>
    redis
      .signal('SIGSTOP')
      .then(() => play(sample(40)))
      .then(() => redis.signal('SIGCONT'));
  const evict = (): Promise<unknown> =>
    withRedis(async (client) => client.del(`magasin:${log.identity}:highest-spenders`));

  it('equal the tables after random orders, cancellations and deletions of users', async () => {
    for (let round = 0; round < 4; round += 1) {
      await play(sample(200));
      await agree();
    }
    expect(await log.history.head()).toBeGreaterThan(500);
  });

  it.each([
    ['is flushed', flush],
    ['is killed, and started again', kill],
    ['freezes, and wakes', freeze],
    ['evicts one of them', evict],
  ])('equal them when Redis %s in the middle of it all', async (_what, happens) => {
    await play(sample(300));
    await agree();

    await Promise.all([play(sample(400)), happens()]);
    await happens();
    await play(sample(100));

    await agree();
    const queries = scenario.app.get(QueryBus);
    const [sellers, spenders] = await scan();
    expect(await queries.execute(new BestSellers())).toEqual(
      sellers.map(({ id, amount }) => ({ product_id: id, quantity_sold: amount })),
    );
    expect(await queries.execute(new HighestSpenders())).toEqual(
      spenders.map(({ id, amount }) => ({ user_id: id, total_expense: Number(toAmount(amount)) })),
    );
  });

  it('are the whole or nothing while they are built, and the tables answer meanwhile', async () => {
    while ((await log.history.head()) < LONG_LOG) await play(sample(300));
    await agree();
    await scenario.when(() => undefined).thenNothing();
    const [whole] = await scan();
    const queries = scenario.app.get(QueryBus);
    let missing = 0;

    for (let round = 0; round < 5; round += 1) {
      await flush();
      for (let found: Ranked[] | undefined; !found;) {
        found = await rankings.sellers!.top(10);
        if (!found) missing += 1;
        else expect(found).toEqual(whole);
        expect(await queries.execute(new BestSellers())).toEqual(
          whole.map(({ id, amount }) => ({ product_id: id, quantity_sold: amount })),
        );
      }
    }

    expect(missing).toBeGreaterThan(0);
  });

  it('are answered by the tables while Redis is stopped, and the store goes on', async () => {
    await play(sample(100));
    await agree();
    await redis.stop();

    await play(sample(100));
    await scenario.when(() => undefined).thenNothing();
    const [sellers] = await scan();
    expect(await rankings.sellers!.top(10)).toBeUndefined();
    expect(await scenario.app.get(QueryBus).execute(new BestSellers())).toEqual(
      sellers.map(({ id, amount }) => ({ product_id: id, quantity_sold: amount })),
    );
    await redis.start();

    await agree();
  });

  it('are built anew when their consumer is', async () => {
    await play(sample(200));
    await agree();
    await log.transaction((tx) => orderInstance(tx, { consumer: 'best-sellers', purpose: 'rebuild' }));
    scenario.app.get(EventBus).wake();
    await eventually(async () =>
      expect(await activeInstance(log.reading.manager, 'best-sellers')).toBe('best-sellers@2'),
    );

    await play(sample(100));

    await agree();
    await eventually(async () =>
      expect(await withRedis((client) => client.keys(`magasin:${log.identity}:*`))).toContain(
        `magasin:${log.identity}:best-sellers@2`,
      ),
    );
  });

  it('begin anew when the log is shorter than what they have', async () => {
    await play(sample(100));
    await agree();
    const key = `magasin:${log.identity}:best-sellers`;
    await withRedis(async (client) => {
      await client.zIncrBy(key, -7, '0000000000000001');
      await client.zAdd(key, { score: 1_000_000, value: 'position' });
    });

    await play(sample(20));

    await agree();
  });
});
