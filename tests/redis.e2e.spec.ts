import { setTimeout as delay } from 'node:timers/promises';
import { readSettings } from '@magasin/hosting';
import { createClient, type RedisClientType } from '@redis/client';
import { MagasinSettings } from '../apps/magasin/src/settings';
import { faultsOfTheBooks, type Order } from './books';
import { send } from './customers';
import { needs } from './needs';
import { type FreshDatabase, freshDatabase, type OwnServer, ownRedis } from './services';
import { eventually, readAll, shopFolder, ShopProcess } from './shop-process';

const CLIENTS = 8;

jest.setTimeout(300_000);

needs('mariadb', 'redis-server')('Two processes of the shop on one database and one Redis', () => {
  const { folder, remove } = shopFolder();
  const shops: ShopProcess[] = [];
  let redis: OwnServer;
  let database: FreshDatabase;
  beforeAll(async () => {
    [redis, database] = await Promise.all([ownRedis(), freshDatabase()]);
    const settings = { DATABASE_URL: database.url, REDIS_URL: `redis://${redis.address}`, LOG_LEVEL: 'info' };
    for (const _ of [1, 2]) shops.push(await ShopProcess.start(folder, settings));
  });
  afterAll(async () => {
    for (const shop of shops) await shop.end('SIGTERM');
    await redis?.remove();
    await database?.drop();
    await remove();
  });

  const lines = (text: string): string[] =>
    shops.flatMap(({ log }) => log.split('\n').filter((one) => one.includes(text)));
  const stateOf = async ({ store }: ShopProcess): Promise<string> => {
    const { checks } = (await (await fetch(`${store}/health`)).json()) as {
      checks: { redis: { details: { state: string } } };
    };
    return checks.redis.details.state;
  };
  /** Customers order, read the reports and cancel some of it, until it has happened and for a while after. */
  const whileTheySell = async (happens: () => Promise<unknown>): Promise<void> => {
    let open = true;
    let sold = 0;
    const customers = Array.from({ length: CLIENTS }, async (_, index) => {
      while (open) {
        const { store } = shops[index % shops.length];
        const items = [{ product_id: 1 + (index % 2), quantity: 1 }];
        const { status, body } = await send(`${store}/orders`, 'POST', { user_id: 1 + (index % 3), items });
        expect([201, 409]).toContain(status);
        if (status === 201) sold += 1;
        const { order_id } = body as { order_id: number };
        // Nothing may be sold out before all has happened.
        if (status === 201 && Math.random() < 0.8)
          expect((await send(`${store}/orders/${order_id}`, 'DELETE')).status).toBe(200);
        for (const report of ['best-sellers', 'highest-spenders'])
          expect((await send(`${store}/orders/reports/${report}`, 'GET')).status).toBe(200);
      }
    });
    const all = Promise.all(customers);
    const until = (check: () => void): Promise<unknown> => Promise.race([eventually(async () => check()), all]);
    await until(() => expect(sold).toBeGreaterThan(20));
    await happens();
    const before = sold;
    await until(() => expect(sold).toBeGreaterThan(before + 20));
    open = false;
    await all;
  };
  const agree = async (): Promise<void> => {
    for (const { store, payments, coolriel } of shops)
      await eventually(async () => expect(await faultsOfTheBooks({ store, payments, coolriel })).toEqual([]));
    expect(await readAll<Order>(`${shops[0].store}/orders`)).not.toHaveLength(0);
  };
  const there = async (): Promise<void> => {
    for (const shop of shops) await eventually(async () => expect(await stateOf(shop)).toBe('there'));
  };
  const flushed = async (): Promise<void> => {
    const client: RedisClientType = createClient({ url: `redis://${redis.address}` });
    await client.connect();
    expect(await client.dbSize()).toBeGreaterThan(0);
    await client.flushAll();
    client.destroy();
  };

  it('sell, and their reports agree with the tables', async () => {
    await there();
    await whileTheySell(async () => undefined);
    await agree();
  });

  it.each([
    ['is flushed', flushed],
    ['is killed and started', () => redis.signal('SIGKILL').then(() => redis.start())],
    [
      'is away for a while',
      () =>
        redis
          .stop()
          .then(() => delay(3_000))
          .then(() => redis.start()),
    ],
    [
      'freezes for a while',
      () =>
        redis
          .signal('SIGSTOP')
          .then(() => delay(6_000))
          .then(() => redis.signal('SIGCONT')),
    ],
  ])('go on when Redis %s, and the numbers agree again by themselves', async (_what, happens) => {
    await whileTheySell(happens);
    await there();
    await agree();
  });

  it('stay ready while it is away, say so once, and are refused nothing', async () => {
    const [before, back] = [lines('is away, and the shop does without').length, lines('is there again').length];
    await redis.stop();

    await whileTheySell(async () => {
      for (const shop of shops) {
        await eventually(async () => expect(await stateOf(shop)).toBe('away'));
        expect((await fetch(`${shop.store}/health/ready`)).status).toBe(200);
      }
    });
    await agree();
    await redis.start();
    await there();

    expect(lines('is away, and the shop does without')).toHaveLength(before + shops.length);
    expect(lines('is there again')).toHaveLength(back + shops.length);
  });
});

describe('REDIS_URL', () => {
  it.each(['localhost:6379', 'http://localhost:6379', 'redis://', 'redis://localhost:99999', 'redis://a b'])(
    'is refused at the start when it is none: %s',
    (REDIS_URL) => {
      expect(() => readSettings(MagasinSettings, { REDIS_URL })).toThrow(
        `The setting REDIS_URL is ${JSON.stringify(REDIS_URL)}: accepted is redis://`,
      );
    },
  );

  it.each(['', 'redis://localhost', 'redis://cache:6380/2', 'rediss://user:password@redis.example.com:6379'])(
    'is accepted: %s',
    (REDIS_URL) => {
      expect(readSettings(MagasinSettings, { REDIS_URL }).REDIS_URL).toBe(REDIS_URL);
    },
  );
});
