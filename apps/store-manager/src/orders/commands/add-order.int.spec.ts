import { OrderCreated, type OrderLine, StockSet } from '@magasin/contracts';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { SettingsModule } from '@magasin/hosting';
import { CommandBus } from '@nestjs/cqrs';
import { StoreManagerSettings } from '../../settings';
import { AddProduct, DeleteProduct, ProductOrdered } from '../../products';
import { SetStock, type Stock, StockTooLow, UnknownProduct } from '../../stocks';
import { TotalTooLarge, UnknownUser } from '../errors';
import { OrdersModule } from '../index';
import { Order, OrderItem } from '../order';
import { AddOrder } from './add-order';

const settings = SettingsModule.of(StoreManagerSettings, new StoreManagerSettings());

const item = (product_id: number, quantity: number): Stock => ({ product_id, quantity });
const add = (items: Stock[], user_id = 1): AddOrder => Object.assign(new AddOrder(), { user_id, items });

const ada = { user_id: 1, user_name: 'Ada Lovelace', user_email: 'alovelace@example.com' };
const laptops: OrderLine = { product_id: 1, name: 'Laptop ABC', quantity: 2, unit_price: '1999.99' };
const gadgets: OrderLine = { product_id: 3, name: 'Gadget XYZ', quantity: 2, unit_price: '5.75' };

onBothDatabases('AddOrder', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [settings, OrdersModule] }, undefined, databases)));
  afterEach(() => scenario.end());

  const stocks = async (): Promise<number[]> => {
    const rows = await scenario.app.get(EventLog).reading.query<Stock[]>('SELECT * FROM stocks ORDER BY product_id');
    return rows.map(({ quantity }) => quantity);
  };

  it('makes an order with its lines, takes the stock, and records all of it', async () => {
    await scenario
      .when(add([item(3, 2), item(1, 2)]))
      .then(OrderCreated.of({ id: 1, ...ada, total_amount: '4011.48', items: [laptops, gadgets] }))
      .andAnswers({ order_id: 1 })
      .andRows(Order, [{ id: 1, ...ada, total_cents: 401_148, payment_id: null, payment_link: null, is_paid: false }])
      .andRows(OrderItem, [
        { order_id: 1, product_id: 1, name: 'Laptop ABC', quantity: 2, unit_price_cents: 199_999 },
        { order_id: 1, product_id: 3, name: 'Gadget XYZ', quantity: 2, unit_price_cents: 575 },
      ]);
    expect(await stocks()).toEqual([998, 500, 0, 90]);
  });

  it('makes one line of a product that is named twice', async () => {
    await scenario
      .when(add([item(1, 1), item(3, 2), item(1, 1)]))
      .then(OrderCreated.of({ id: 1, ...ada, total_amount: '4011.48', items: [laptops, gadgets] }));
    await scenario.when(add([item(3, 1), item(3, 1)])).thenRefused(StockTooLow);
  });

  it('holds its products: they can not be deleted', async () => {
    await scenario
      .given(add([item(3, 2)]))
      .when(new DeleteProduct(3))
      .thenRefused(ProductOrdered);
  });

  it('refuses an unknown user', async () => {
    await scenario.when(add([item(1, 1)], 6)).thenRefused(UnknownUser);
  });

  it('refuses unknown products, and names each by its place', async () => {
    const order = add([item(9, 1), item(1, 1), item(8, 1), item(9, 2)]);

    await scenario.when(order).thenRefused(UnknownProduct);

    const refusal = (await scenario.app
      .get(CommandBus)
      .execute(order)
      .catch((error: unknown) => error)) as UnknownProduct;
    expect(refusal.message).toBe('There is no product 9, 8. GET /products lists them.');
    expect(refusal.members.errors).toEqual([
      { detail: 'There is no product 9. GET /products lists them.', pointer: '#/items/0/product_id' },
      { detail: 'There is no product 8. GET /products lists them.', pointer: '#/items/2/product_id' },
      { detail: 'There is no product 9. GET /products lists them.', pointer: '#/items/3/product_id' },
    ]);
  });

  it('refuses more than there is, also of one product of many, and takes nothing', async () => {
    await scenario.when(add([item(1, 1), item(3, 3)])).thenRefused(StockTooLow);
    expect(await stocks()).toEqual([1000, 500, 2, 90]);
  });

  describe('with dear products', () => {
    const product = (id: number, price: string) =>
      Object.assign(new AddProduct(), { name: `Dear ${id}`, sku: `D${id}`, price });
    const plenty = (product_id: number) => Object.assign(new SetStock(), { product_id, quantity: 2_147_483_647 });
    beforeEach(async () => {
      await scenario
        .given(product(5, '99999999.99'), product(6, '0.99'), plenty(5))
        .when(plenty(6))
        .then(StockSet.of({ product_id: 6, quantity: 2_147_483_647, previous_quantity: 0 }));
    });

    it.each([
      [[item(5, 100)], 999_999_999_900],
      [[item(6, 1), item(5, 100)], 999_999_999_999],
      [[item(6, 2_147_483_647)], 212_600_881_053],
    ])('is exact up to the largest total: %j comes to %d cents', async (items, total_cents) => {
      await scenario.when(add(items)).thenRows(Order, [{ id: 1, total_cents }]);
    });

    it.each([[[item(5, 100), item(6, 2)]], [[item(5, 101)]], [[item(5, 2_147_483_647), item(6, 2_147_483_647)]]])(
      'refuses a total that is not held by every table: %j',
      async (items) => {
        await scenario.when(add(items)).thenRefused(TotalTooLarge);
      },
    );
  });
});
