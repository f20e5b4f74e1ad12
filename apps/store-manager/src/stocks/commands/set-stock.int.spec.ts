import { StockSet } from '@magasin/contracts';
import { EventLog } from '@magasin/event-log';
import { onBothDatabases, recordedIn, Scenario } from '@magasin/event-bus/testing';
import { CommandBus } from '@nestjs/cqrs';
import { AddProduct } from '../../products';
import { UnknownProduct } from '../errors';
import { StocksModule } from '../index';
import { STOCK_SEEDS } from '../seeds';
import { Stock } from '../stock';
import { SetStock, type StockIsSet } from './set-stock';

const addProduct = (sku: string): AddProduct =>
  Object.assign(new AddProduct(), { name: 'Mouse GHI', sku, price: 24.95 });
const set = (product_id: number, quantity: number): SetStock => Object.assign(new SetStock(), { product_id, quantity });

onBothDatabases('SetStock', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [StocksModule] }, undefined, databases)));
  afterEach(() => scenario.end());

  it('replaces what was there, and records both', async () => {
    await scenario
      .when(set(4, 12))
      .then(StockSet.of({ product_id: 4, quantity: 12, previous_quantity: 90 }))
      .andAnswers({ result: 'rows updated: 1' })
      .andRows(Stock, [...STOCK_SEEDS.slice(0, 3), { product_id: 4, quantity: 12 }]);
  });

  it('enters the first stock of a product, and answers how many', async () => {
    await scenario
      .given(addProduct('MS11111'))
      .when(set(5, 7))
      .then(StockSet.of({ product_id: 5, quantity: 7, previous_quantity: 0 }))
      .andAnswers({ result: 'rows added: 7' });
  });

  it('may be nothing, and the same as before', async () => {
    await scenario.when(set(3, 0)).then(StockSet.of({ product_id: 3, quantity: 0, previous_quantity: 2 }));
    await scenario.when(set(3, 0)).then(StockSet.of({ product_id: 3, quantity: 0, previous_quantity: 0 }));
  });

  it('refuses an unknown product and records nothing', async () => {
    await scenario.when(set(9, 1)).thenRefused(UnknownProduct);
  });

  it('tells what the one before has left when many set it at once', async () => {
    const bus = scenario.app.get(CommandBus);
    const quantities = Array.from({ length: 40 }, (_, index) => index);

    await Promise.all(quantities.map((quantity) => bus.execute(set(1, quantity))));

    const told = await recordedIn<StockSet>(scenario.app.get(EventLog));
    expect(told.map(({ quantity }) => quantity).toSorted((a, b) => a - b)).toEqual(quantities);
    expect(told.map(({ previous_quantity }) => previous_quantity)).toEqual([
      1000,
      ...told.slice(0, -1).map(({ quantity }) => quantity),
    ]);
  });

  it('enters one first stock of many that come at once', async () => {
    const bus = scenario.app.get(CommandBus);
    await bus.execute(addProduct('MS11111'));

    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => bus.execute<SetStock, StockIsSet>(set(5, index))),
    );

    expect(answers.filter(({ result }) => result.startsWith('rows added'))).toHaveLength(1);
    const told = (await recordedIn<StockSet>(scenario.app.get(EventLog))).filter(({ event }) => event === 'StockSet');
    expect(told.map(({ previous_quantity }) => previous_quantity)).toEqual([
      0,
      ...told.slice(0, -1).map(({ quantity }) => quantity),
    ]);
  });
});
