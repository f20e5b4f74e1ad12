import { StockSet } from '@magasin/contracts';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { StockNotFound, StockTooLow } from './errors';
import { returnStock, StocksModule, takeStock } from './index';
import { STOCK_SEEDS } from './seeds';
import { Stock } from './stock';

const item = (product_id: number, quantity: number): Stock => ({ product_id, quantity });

onBothDatabases('The stock', (databases) => {
  let scenario: Scenario;
  let log: EventLog;
  beforeEach(async () => {
    scenario = await Scenario.open({ imports: [StocksModule] }, undefined, databases);
    log = scenario.app.get(EventLog);
  });
  afterEach(() => scenario.end());

  const take = (...items: Stock[]): Promise<void> => log.transaction((tx) => takeStock(tx, items));
  const putBack = (...items: Stock[]): Promise<void> => log.transaction((tx) => returnStock(tx, items));
  const left = async (): Promise<number[]> =>
    (await log.reading.getRepository(Stock).find({ order: { product_id: 'ASC' } })).map(({ quantity }) => quantity);

  it('is taken whole, a product that is named twice in one sum, and put back', async () => {
    await scenario
      .when(() => take(item(4, 60), item(1, 10), item(4, 30)))
      .thenRows(Stock, [item(1, 990), item(2, 500), item(3, 2), item(4, 0)]);
    await scenario.when(() => putBack(item(4, 30), item(1, 10), item(4, 60))).thenRows(Stock, STOCK_SEEDS);
  });

  it('is refused when one product is short: every short one is told, and nothing is taken', async () => {
    const asked = [item(4, 50), item(3, 2), item(9, 1), item(1, 10), item(4, 41), item(3, 1)];

    await scenario.when(() => take(...asked)).thenRefused(StockTooLow);

    const refusal = (await take(...asked).catch((error: unknown) => error)) as StockTooLow;
    expect(refusal.short).toEqual([
      { product_id: 3, asked: 3, available: 2 },
      { product_id: 4, asked: 91, available: 90 },
      { product_id: 9, asked: 1, available: 0 },
    ]);
    expect(refusal.message).toBe(
      'There is not enough: 3 of product 3 were asked for, 2 are there; 91 of product 4 were asked for, 90 are there; ' +
        '1 of product 9 were asked for, 0 are there. Nothing was taken.',
    );
  });

  it('is sold once: 50 units of work want the last 90, 2 each, and 45 get them', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => take(item(4, 2), item(1, 1))));

    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused.map((reason) => reason instanceof StockTooLow)).toEqual(Array(5).fill(true));
    expect(await left()).toEqual([955, 500, 2, 0]);
  });

  it('is the same after as many were taken as put back, in whatever order', async () => {
    const changes = Array.from({ length: 200 }, (_, index) =>
      index % 2 ? take(item(1 + (index % 4), 1)) : putBack(item(2 + (index % 4), 1)),
    );

    const outcomes = await Promise.allSettled(changes);

    const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);
    const done = (index: number): boolean => outcomes[index].status === 'fulfilled';
    const expected = changes.map((_, index) => (done(index) ? (index % 2 ? -1 : 1) : 0));
    expect(sum(await left())).toBe(1592 + sum(expected));
  });

  it('is not put back where there is none any more', async () => {
    await scenario.when(() => putBack(item(1, 1), item(9, 1))).thenRefused(StockNotFound);
  });

  it('is not changed by what else its unit could not do', async () => {
    await scenario
      .when(() =>
        log.transaction(async (tx) => {
          await takeStock(tx, [item(1, 1)]);
          tx.record(StockSet.of({ product_id: 1, quantity: -1, previous_quantity: 0 }));
        }),
      )
      .thenRefused(Error);
  });
});
