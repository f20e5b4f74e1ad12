import { PaymentReceived, toAmount } from '@magasin/contracts';
import { activeInstance, ConsumerInstance, EventBus, orderInstance } from '@magasin/event-bus';
import { Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { Problem, SettingsModule } from '@magasin/hosting';
import { MetricsModule } from '@magasin/operations';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import * as fc from 'fast-check';
import { StoreManagerSettings } from '../apps/store-manager/src';
import { AddOrder, CancelOrder, OrdersModule } from '../apps/store-manager/src/orders';
import { AddProduct, DeleteProduct } from '../apps/store-manager/src/products';
import { ReportsModule } from '../apps/store-manager/src/reports';
import { BestSellers } from '../apps/store-manager/src/reports/best-sellers/best-sellers';
import { HighestSpenders } from '../apps/store-manager/src/reports/highest-spenders/highest-spenders';
import { SetStock } from '../apps/store-manager/src/stocks';
import { OverviewStocks } from '../apps/store-manager/src/stocks/overview/overview-stocks';
import { DeleteUser } from '../apps/store-manager/src/users';
import { WriteUser } from '../apps/store-manager/src/users/commands/write-user';

const CONSUMERS = ['best-sellers', 'highest-spenders', 'stock-overview'];
const TABLES = ['best_sellers', 'highest_spenders', 'stock_overview', 'stock_overview_begun'];
/** So many callers ask the store at once. */
const AT_ONCE = 32;

type Step =
  | { do: 'order'; user: number; items: [place: number, quantity: number][] }
  | { do: 'pay'; place: number }
  | { do: 'cancel' | 'leave' | 'strike'; place: number }
  | { do: 'stock'; place: number; quantity: number }
  | { do: 'join' }
  | { do: 'product'; cents: number };

const place = fc.nat(1_000);
/** Of this kind, with its parts. */
const some = (kind: Step['do'], parts: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constant(kind), ...parts }) as fc.Arbitrary<Step>;
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 40,
    arbitrary: some('order', {
      user: place,
      items: fc.array(fc.tuple(place, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 20, arbitrary: some('cancel', { place }) },
  { weight: 20, arbitrary: some('pay', { place }) },
  { weight: 5, arbitrary: some('leave', { place }) },
  { weight: 6, arbitrary: some('join') },
  { weight: 4, arbitrary: some('product', { cents: fc.integer({ min: 1, max: 99_999_999 }) }) },
  { weight: 2, arbitrary: some('strike', { place }) },
  { weight: 8, arbitrary: some('stock', { place, quantity: fc.nat(300) }) },
);

describe('The reports and the overview', () => {
  let scenario: Scenario;
  let log: EventLog;
  let numbers = 0;
  beforeEach(async () => {
    const settings = SettingsModule.of(StoreManagerSettings, new StoreManagerSettings());
    scenario = await Scenario.open({ imports: [settings, MetricsModule, OrdersModule, ReportsModule] });
    log = scenario.app.get(EventLog);
  });
  afterEach(() => scenario.end());

  const rows = <T extends object>(sql: string): Promise<T[]> => log.reading.query<T[]>(sql);
  const settled = () => scenario.when(() => undefined).thenNothing();

  const told = async () => {
    const queries = scenario.app.get(QueryBus);
    return Promise.all(
      [new BestSellers(), new HighestSpenders(), new OverviewStocks()].map((one) => queries.execute(one)),
    );
  };

  /** The same from the tables. */
  const scan = async () => [
    await rows(`SELECT product_id, sum(quantity) AS quantity_sold FROM order_items GROUP BY product_id
      ORDER BY quantity_sold DESC, product_id LIMIT 10`),
    (
      await rows<{ user_id: number; cents: number }>(`SELECT user_id, sum(total_cents) AS cents FROM orders
        WHERE user_id IS NOT NULL GROUP BY user_id ORDER BY cents DESC, user_id LIMIT 10`)
    ).map(({ user_id, cents }) => ({ user_id, total_expense: Number(toAmount(cents)) })),
    (
      await rows<{ name: string; sku: string; price_cents: number; quantity: number }>(
        'SELECT name, sku, price_cents, quantity FROM stocks JOIN products ON id = product_id ORDER BY id',
      )
    ).map(({ name, sku, price_cents, quantity }) => ({
      Article: name,
      'Numéro SKU': sku,
      'Prix unitaire': Number(toAmount(price_cents)),
      'Unités en stock': quantity,
    })),
  ];

  /** Of any order that there was: the money for one that is gone goes back. */
  const pay = async (id: number): Promise<void> => {
    const [order] = await rows<{ total_cents: number }>(`SELECT total_cents FROM orders WHERE id = ${id}`);
    const total_amount = toAmount(order?.total_cents ?? 100);
    await log.transaction(async (tx) => tx.record(PaymentReceived.of({ id, order_id: id, user_id: 1, total_amount })));
  };

  const commandOf = (one: Exclude<Step, { do: 'pay' }>, pick: (table: string, place: number) => number): object => {
    numbers += 1;
    const named = { name: `Number ${numbers}`, sku: `SKU${numbers}`, email: `u${numbers}@example.com` };
    switch (one.do) {
      case 'order': {
        const items = one.items.map(([at, quantity]) => ({ product_id: pick('products', at), quantity }));
        return Object.assign(new AddOrder(), { user_id: pick('users', one.user), items });
      }
      case 'cancel':
        return new CancelOrder(pick('orders', one.place));
      case 'leave':
        return new DeleteUser(pick('users', one.place));
      case 'join':
        return Object.assign(new WriteUser(), named);
      case 'product':
        return Object.assign(new AddProduct(), { ...named, price: one.cents / 100 });
      case 'strike':
        return new DeleteProduct(pick('products', one.place));
      default:
        return Object.assign(new SetStock(), { product_id: pick('products', one.place), quantity: one.quantity });
    }
  };

  /** All steps of a part at once, as callers come; each part about what there is when it begins. */
  const play = async (steps: Step[]): Promise<void> => {
    for (let from = 0; from < steps.length; from += AT_ONCE) {
      const ids = new Map<string, number[]>();
      for (const table of ['users', 'products', 'orders']) {
        ids.set(
          table,
          (await rows<{ id: number }>(`SELECT id FROM ${table} ORDER BY id`)).map(({ id }) => id),
        );
      }
      const pick = (table: string, at: number): number => ids.get(table)![at % ids.get(table)!.length] ?? 1;
      const commands = scenario.app.get(CommandBus);
      const ends = steps
        .slice(from, from + AT_ONCE)
        .map((one) => (one.do === 'pay' ? pay(pick('orders', one.place)) : commands.execute(commandOf(one, pick))));
      for (const end of await Promise.allSettled(ends)) {
        // Too little stock, or gone meanwhile: nothing has happened.
        if (end.status === 'rejected' && !(end.reason instanceof Problem)) throw end.reason;
      }
    }
  };

  it('equal the tables after thousands of orders, cancellations, payments and deletions of users', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 200, maxLength: 300, size: 'max' }), async (steps) => {
        await play(steps);
        await settled();
        expect(await told()).toEqual(await scan());
      }),
      { numRuns: 12, endOnFailure: true },
    );
    const types = await rows<{ type: string }>('SELECT DISTINCT type FROM event_log ORDER BY type');
    expect(types.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['OrderCancelled', 'OrderCreated', 'OrderPaid', 'PaymentRejected', 'UserDeleted']),
    );
    expect(await log.history.head()).toBeGreaterThan(2_000);
  }, 300_000);

  it('equal them too when all are rebuilt while the store is written, and nothing is left of those before', async () => {
    const steps = fc.sample(step, { numRuns: 900, seed: 5 });
    await play(steps.slice(0, 500));
    for (const consumer of CONSUMERS)
      await log.transaction((tx) => orderInstance(tx, { consumer, purpose: 'rebuild' }));
    scenario.app.get(EventBus).wake();

    await play(steps.slice(500));

    await settled();
    const { manager } = log.reading;
    while ((await manager.countBy(ConsumerInstance, { state: 'discarded' })) < CONSUMERS.length) {
      await new Promise(setImmediate);
    }
    expect(await told()).toEqual(await scan());
    for (const consumer of CONSUMERS) expect(await activeInstance(manager, consumer)).toBe(`${consumer}@2`);
    for (const table of TABLES) {
      expect(await rows(`SELECT DISTINCT instance LIKE '%@2' AS rebuilt FROM ${table}`)).toEqual([{ rebuilt: 1 }]);
    }
  }, 300_000);
});
