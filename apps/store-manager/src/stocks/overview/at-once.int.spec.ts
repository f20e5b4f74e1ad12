import { ProductCreated, StockSet } from '@magasin/contracts';
import type { Delivery } from '@magasin/event-bus';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { StocksModule } from '../index';
import { OverviewLine } from './overview-line';
import { StockOverview } from './overview.consumer';

onBothDatabases('The overview of the stock', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [StocksModule] }, undefined, databases)));
  afterEach(() => scenario.end());

  it('is begun once when its first events come at once, as from several partitions, and counts all of them', async () => {
    const log = scenario.app.get(EventLog);
    const overview = scenario.app.get(StockOverview, { strict: false });
    const delivery = { consumer: 'stock-overview@2' } as Delivery;
    const counted = StockSet.of({ product_id: 4, quantity: 91, previous_quantity: 90 });
    const entered = ProductCreated.of({ id: 5, name: 'Mouse', sku: 'MS1', price: '24.95' });

    await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        log.transaction(
          (tx) => (index === 0 ? overview.enter(entered, tx, delivery) : overview.count(counted, tx, delivery)),
          'consumer',
        ),
      ),
    );

    const lines = await log.reading.manager.find(OverviewLine, {
      where: { instance: delivery.consumer },
      order: { product_id: 'ASC' },
    });
    expect(lines.map(({ product_id, units, counted: shown }) => [product_id, units, shown])).toEqual([
      [1, 1000, true],
      [2, 500, true],
      [3, 2, true],
      [4, 105, true],
      [5, 0, false],
    ]);
  });
});
