import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Facts, OrderCancelled, OrderCreated, ProductCreated, ProductDeleted, StockSet } from '@magasin/contracts';
import { activeInstance, ConsumerInstance, EventBus, orderInstance } from '@magasin/event-bus';
import { Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import * as fc from 'fast-check';
import { AddProduct, DeleteProduct } from '../../products';
import { SetStock } from '../commands/set-stock';
import { inProductOrder, returnStock, Stock, StocksModule, StockTooLow, takeStock } from '../index';
import { OverviewBegun, OverviewLine } from './overview-line';
import { OverviewStocks, type StockOnHand } from './overview-stocks';

type Step =
  | { do: 'add'; cents: number }
  | { do: 'set'; place: number; quantity: number }
  | { do: 'order'; places: number[]; quantity: number }
  | { do: 'cancel' | 'delete'; place: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('add' as const), cents: fc.integer({ min: 1, max: 9_999_999_999 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('set' as const),
      place: fc.nat(30),
      quantity: fc.oneof(fc.nat(100), fc.constant(0), fc.constant(2_147_483_647)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      places: fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }),
      quantity: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), place: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), place: fc.nat(30) }) },
);

const line = (Article: string, sku: string, price: number, units: number): StockOnHand => ({
  Article,
  'Numéro SKU': sku,
  'Prix unitaire': price,
  'Unités en stock': units,
});
const FIRST_DAY = [
  line('Laptop ABC', 'LP12567', 1999.99, 1000),
  line('Keyboard DEF', 'KB67890', 59.5, 500),
  line('Gadget XYZ', 'GG12345', 5.75, 2),
  line('27-inch Screen WYZ', 'SC27289', 299.75, 90),
];
const mouse = { id: 5, name: 'Mouse', sku: 'MS1', price: '24.95' };
/** This module knows no orders: it is told what they are. */
const orderOf = (id: number, items: Stock[]): Facts<OrderCreated> => ({
  id,
  user_id: 1,
  user_name: 'Ada Lovelace',
  user_email: 'alovelace@example.com',
  total_amount: '1.00',
  items: items.map((item) => ({ ...item, name: 'Article', unit_price: '1.00' })),
});
const names = ({ items }: Facts<OrderCreated>, product_id: number): boolean =>
  items.some((item) => item.product_id === product_id);
const cancelled = (order: Facts<OrderCreated>): OrderCancelled =>
  OrderCancelled.of({ ...order, is_paid: false, reason: 'request' });
const counted = (product_id: number, quantity: number, previous_quantity: number): StockSet =>
  StockSet.of({ product_id, quantity, previous_quantity });

describe('OverviewStocks', () => {
  let scenario: Scenario;
  let log: EventLog;
  let skus = 0;
  let orders: Facts<OrderCreated>[];
  let made: number;
  beforeEach(async () => {
    orders = [];
    made = 0;
    scenario = await Scenario.open({ imports: [StocksModule] });
    log = scenario.app.get(EventLog);
  });
  afterEach(() => scenario.end());

  const overview = (): Promise<StockOnHand[]> => scenario.app.get(QueryBus).execute(new OverviewStocks());

  /** The same from the tables. */
  const scan = async (): Promise<StockOnHand[]> => {
    const rows = await log.reading.query<{ name: string; sku: string; price_cents: number; quantity: number }[]>(
      'SELECT name, sku, price_cents, quantity FROM stocks JOIN products ON id = product_id ORDER BY id',
    );
    return rows.map(({ name, sku, price_cents, quantity }) => line(name, sku, price_cents / 100, quantity));
  };

  /** As an order does it: the stock and the event in one unit. None when there is too little. */
  const order = async (items: Stock[]): Promise<void> => {
    const facts = orderOf(made + 1, inProductOrder(items));
    const taken = log.transaction(async (tx) => {
      await takeStock(tx, facts.items);
      tx.record(OrderCreated.of(facts));
    });
    await taken.then(
      () => orders.push(facts) && (made += 1),
      (error: unknown) => expect(error).toBeInstanceOf(StockTooLow),
    );
  };
  const cancel = (facts: Facts<OrderCreated>): Promise<void> =>
    log.transaction(async (tx) => {
      await returnStock(tx, facts.items);
      tx.record(cancelled(facts));
    });

  const play = async (steps: Step[]): Promise<void> => {
    const commands = scenario.app.get(CommandBus);
    const products = await log.reading.query<{ id: number }[]>('SELECT id FROM products ORDER BY id');
    const ids = products.map(({ id }) => id);
    for (const one of steps) {
      skus += 1;
      const product_id = 'place' in one ? ids[one.place % ids.length] : undefined;
      if (one.do === 'order') {
        // All can be deleted by now.
        if (ids.length > 0)
          await order(one.places.map((place) => ({ product_id: ids[place % ids.length], quantity: one.quantity })));
      } else if (one.do === 'cancel') {
        if (orders.length > 0) await cancel(orders.splice(one.place % orders.length, 1)[0]);
      } else if (one.do === 'add') {
        const product = { name: `Article ${skus}`, sku: `SKU${skus}`, price: one.cents / 100 };
        ids.push((await commands.execute(Object.assign(new AddProduct(), product))).product_id);
      } else if (product_id !== undefined && one.do === 'set') {
        await commands.execute(Object.assign(new SetStock(), { product_id, quantity: one.quantity }));
      } else if (product_id !== undefined && !orders.some((kept) => names(kept, product_id))) {
        await commands.execute(new DeleteProduct(product_id));
        ids.splice(ids.indexOf(product_id), 1);
      }
    }
  };

  it('tells of the first day before anything has happened', async () => {
    await scenario.when(new OverviewStocks()).thenAnswers(FIRST_DAY);
  });

  it('tells of a product when its stock was set, and no more when it is deleted', async () => {
    const facts = ProductCreated.of(mouse);
    await scenario.when(facts).thenRows(OverviewBegun, [{ instance: 'stock-overview' }]);
    await scenario.when(new OverviewStocks()).thenAnswers(FIRST_DAY);
    await scenario
      .given(counted(5, 7, 0))
      .when(new OverviewStocks())
      .thenAnswers([...FIRST_DAY, line('Mouse', 'MS1', 24.95, 7)]);
    await scenario.given(ProductDeleted.of(mouse)).when(new OverviewStocks()).thenAnswers(FIRST_DAY);
  });

  it.each([
    [
      'the stock comes before its product',
      [counted(5, 7, 0), ProductCreated.of(mouse)],
      [line('Mouse', 'MS1', 24.95, 7)],
    ],
    [
      'it comes between',
      [counted(5, 7, 0), ProductCreated.of(mouse), counted(5, 3, 7)],
      [line('Mouse', 'MS1', 24.95, 3)],
    ],
    ['it comes after the product is gone', [ProductCreated.of(mouse), ProductDeleted.of(mouse), counted(5, 7, 0)], []],
    [
      'its order comes first, and another is cancelled before it is made',
      [
        OrderCreated.of(orderOf(1, [{ product_id: 5, quantity: 2 }])),
        cancelled(orderOf(2, [{ product_id: 5, quantity: 3 }])),
        ProductCreated.of(mouse),
        counted(5, 7, 0),
        OrderCreated.of(orderOf(2, [{ product_id: 5, quantity: 3 }])),
      ],
      [line('Mouse', 'MS1', 24.95, 5)],
    ],
    ['only orders come', [ProductCreated.of(mouse), cancelled(orderOf(1, [{ product_id: 5, quantity: 2 }]))], []],
    ['all of the product comes after', [counted(5, 7, 0), ProductCreated.of(mouse), ProductDeleted.of(mouse)], []],
  ])('says the same when %s', async (_when, events, more) => {
    await scenario
      .given(...events)
      .when(new OverviewStocks())
      .thenAnswers([...FIRST_DAY, ...more]);
  });

  it('equals a scan of the tables after more than a thousand additions, counts, orders and deletions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 120, size: 'max' }), async (steps) => {
        await play(steps);
        await scenario.when(() => undefined).thenNothing();
        expect(await overview()).toEqual(await scan());
      }),
      { numRuns: 15, endOnFailure: true },
    );
    expect(await log.history.head()).toBeGreaterThan(800);
    expect(made - orders.length).toBeGreaterThan(20);
  }, 300_000);

  it('equals it after a rebuild too, and at every moment of it has all that was there before', async () => {
    const steps = fc.sample(step, { numRuns: 400, seed: 7 });
    await play(steps.slice(0, 200));
    await scenario.when(() => undefined).thenNothing();
    const bus = scenario.app.get(EventBus);
    const before = await overview();
    const rebuilt = async (): Promise<boolean> =>
      (await activeInstance(log.reading.manager, 'stock-overview')) === 'stock-overview@2' &&
      (await log.reading.manager.existsBy(ConsumerInstance, { instance: 'stock-overview', state: 'discarded' }));

    await log.transaction((tx) => orderInstance(tx, { consumer: 'stock-overview', purpose: 'rebuild' }));
    bus.wake();
    while (!(await rebuilt())) {
      expect(await overview()).toEqual(before);
      await nextTurn();
    }
    await play(steps.slice(200));

    await scenario.when(() => undefined).thenNothing();
    expect(await overview()).toEqual(await scan());
    expect(await log.reading.manager.existsBy(OverviewLine, { instance: 'stock-overview' })).toBe(false);
    expect(await log.reading.manager.find(OverviewBegun)).toEqual([{ instance: 'stock-overview@2' }]);
    expect(await log.reading.manager.count(Stock)).toBeGreaterThan(4);
  });

  it('has every write of the time in which it was rebuilt', async () => {
    const steps = fc.sample(step, { numRuns: 600, seed: 11 });
    await play(steps.slice(0, 100));
    await log.transaction((tx) => orderInstance(tx, { consumer: 'stock-overview', purpose: 'rebuild' }));
    scenario.app.get(EventBus).wake();

    await play(steps.slice(100));

    await scenario.when(() => undefined).thenNothing();
    await scenario.when(new OverviewStocks()).thenAnswers(await scan());
  });

  it('begins with the first day when it is rebuilt before anything has happened', async () => {
    await log.transaction((tx) => orderInstance(tx, { consumer: 'stock-overview', purpose: 'rebuild' }));
    scenario.app.get(EventBus).wake();
    while ((await activeInstance(log.reading.manager, 'stock-overview')) === 'stock-overview') await nextTurn();

    await scenario.when(new OverviewStocks()).thenAnswers(FIRST_DAY);
    await scenario
      .given(counted(4, 0, 90))
      .when(new OverviewStocks())
      .thenAnswers([...FIRST_DAY.slice(0, 3), line('27-inch Screen WYZ', 'SC27289', 299.75, 0)]);
  });
});
