import { type Facts, OrderCancelled, type OrderCreated, PaymentReceived, UserDeleted } from '@magasin/contracts';
import { Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { SettingsModule } from '@magasin/hosting';
import { CommandBus } from '@nestjs/cqrs';
import { StoreManagerSettings } from '../../settings';
import { DeleteProduct } from '../../products';
import { type Stock } from '../../stocks';
import { DeleteUser } from '../../users';
import { OrderNotFound } from '../errors';
import { OrdersModule } from '../index';
import { Order, OrderItem } from '../order';
import { AddOrder } from './add-order';
import { CancelOrder } from './cancel-order';

const settings = SettingsModule.of(StoreManagerSettings, new StoreManagerSettings());

const add = (user_id: number, ...items: Stock[]): AddOrder => Object.assign(new AddOrder(), { user_id, items });
const order = add(1, { product_id: 3, quantity: 2 }, { product_id: 2, quantity: 1 });
const ada = { id: 1, name: 'Ada Lovelace', email: 'alovelace@example.com', user_type_id: 1 };
const facts: Facts<OrderCreated> = {
  id: 1,
  user_id: 1,
  user_name: ada.name,
  user_email: ada.email,
  total_amount: '71.00',
  items: [
    { product_id: 2, name: 'Keyboard DEF', quantity: 1, unit_price: '59.50' },
    { product_id: 3, name: 'Gadget XYZ', quantity: 2, unit_price: '5.75' },
  ],
};
const received = (order_id: number): PaymentReceived =>
  PaymentReceived.of({ id: 4, order_id, user_id: 1, total_amount: '71.00' });
const cancelled = (changes: Partial<OrderCancelled> = {}): OrderCancelled =>
  OrderCancelled.of({ ...facts, is_paid: false, reason: 'request', ...changes });

let scenario: Scenario;
beforeEach(async () => (scenario = await Scenario.open({ imports: [settings, OrdersModule] })));
afterEach(() => scenario.end());

const stocks = async (): Promise<number[]> => {
  const rows = await scenario.app.get(EventLog).reading.query<Stock[]>('SELECT * FROM stocks ORDER BY product_id');
  return rows.map(({ quantity }) => quantity);
};

describe('CancelOrder', () => {
  it('removes the order with its lines, puts the stock back, and records what it was', async () => {
    await scenario
      .given(order)
      .when(new CancelOrder(1))
      .then(cancelled())
      .andAnswers({ deleted: true })
      .andRows(Order, [])
      .andRows(OrderItem, []);
    expect(await stocks()).toEqual([1000, 500, 2, 90]);
  });

  it('tells that it was paid, so that the money goes back', async () => {
    await scenario
      .given(order, received(1))
      .when(new CancelOrder(1))
      .then(cancelled({ is_paid: true }));
  });

  it('lets its product go, and its id be no other', async () => {
    await scenario.given(order, new CancelOrder(1)).when(new DeleteProduct(3)).thenAnswers({ deleted: true });
    await scenario.when(add(1, { product_id: 2, quantity: 1 })).thenAnswers({ order_id: 2 });
  });

  it('refuses an order that is not there, and one that is gone already', async () => {
    await scenario.when(new CancelOrder(1)).thenRefused(OrderNotFound);
    await scenario.given(order, new CancelOrder(1)).when(new CancelOrder(1)).thenRefused(OrderNotFound);
  });
});

describe('DeleteUser', () => {
  it('cancels what the user has not paid, and keeps what he has paid without him', async () => {
    const paid = { ...order, items: [{ product_id: 2, quantity: 1 }] };
    const paidNow = PaymentReceived.of({ id: 5, order_id: 2, user_id: 1, total_amount: '59.50' });
    await scenario
      .given(order, Object.assign(new AddOrder(), paid), paidNow, add(2, { product_id: 4, quantity: 1 }))
      .when(new DeleteUser(1))
      .then(cancelled({ reason: 'user-deleted' }), UserDeleted.of(ada))
      .andAnswers({ deleted: true })
      .andRows(Order, [
        { id: 2, user_id: null, user_name: ada.name, is_paid: true },
        { id: 3, user_id: 2, user_name: 'Adele Goldberg', is_paid: false },
      ]);
    expect(await stocks()).toEqual([1000, 499, 2, 89]);
  });

  it('lets a paid order of his be cancelled, and told of, without him', async () => {
    await scenario
      .given(order, received(1), new DeleteUser(1))
      .when(new CancelOrder(1))
      .then(cancelled({ user_id: null, is_paid: true }));
  });

  it('cancels 300 orders in one unit', async () => {
    const commands = scenario.app.get(CommandBus);
    const items = [1, 2].map((product_id) => ({ product_id, quantity: 1 }));
    await Promise.all(Array.from({ length: 300 }, () => commands.execute(add(1, ...items))));
    expect(await stocks()).toEqual([700, 200, 2, 90]);

    await scenario.when(new DeleteUser(1)).thenRows(Order, []).andAnswers({ deleted: true });

    const { history } = scenario.app.get(EventLog);
    const types = (await history.after(300, 500)).map(({ type }) => type);
    expect(types).toEqual([...Array<string>(300).fill('OrderCancelled'), 'UserDeleted']);
    expect(await stocks()).toEqual([1000, 500, 2, 90]);
  });
});
