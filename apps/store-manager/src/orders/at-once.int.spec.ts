import { PaymentReceived } from '@magasin/contracts';
import { onBothDatabases, recordedIn, Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { SettingsModule } from '@magasin/hosting';
import { CommandBus, type ICommand } from '@nestjs/cqrs';
import { AddProduct, DeleteProduct, ProductOrdered } from '../products';
import { StoreManagerSettings } from '../settings';
import { SetStock, Stock, UnknownProduct } from '../stocks';
import { DeleteUser } from '../users';
import { AddOrder } from './commands/add-order';
import { CancelOrder } from './commands/cancel-order';
import { UpdateOrder } from './commands/update-order';
import { confirmOrder } from './confirm-order';
import { OrderNotFound, UnknownUser } from './errors';
import { OrdersModule } from './index';
import { Order, OrderItem } from './order';
import { judgePayment } from './reactions/judge-payment';

const settings = SettingsModule.of(StoreManagerSettings, new StoreManagerSettings());
const MANY = 16;

const order = (product_ids: number[], user_id = 1): AddOrder =>
  Object.assign(new AddOrder(), { user_id, items: product_ids.map((product_id) => ({ product_id, quantity: 1 })) });
const pay = (order_id: number): UpdateOrder => Object.assign(new UpdateOrder(), { order_id, is_paid: true });
const link = (order_id: number) => ({ payment_id: order_id, payment_link: 'http://localhost/payments/process/1' });
const received = (id: number, total_amount: string): PaymentReceived =>
  PaymentReceived.of({ id, order_id: id, user_id: 1, total_amount });

interface Told {
  id: number;
  order_id: number;
  is_paid: boolean;
  reason: string;
}

onBothDatabases('Orders, when all comes at once', (databases) => {
  let scenario: Scenario;
  let log: EventLog;
  let onTheFirstDay: Stock[];
  beforeEach(async () => {
    scenario = await Scenario.open({ imports: [settings, OrdersModule] }, undefined, databases);
    log = scenario.app.get(EventLog);
    onTheFirstDay = await stocks();
  });
  afterEach(() => scenario.end());

  const execute = <T>(command: ICommand): Promise<T> => scenario.app.get(CommandBus).execute(command);
  const many = async <T>(works: (() => Promise<T>)[]) => {
    const outcomes = await Promise.allSettled(works.map((work) => work()));
    return {
      done: outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
      refused: outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).constructor] : [])),
    };
  };
  const times = <T>(count: number, work: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => work(index));
  const told = async (event: string, id?: number): Promise<Told[]> =>
    (await recordedIn<Told>(log)).filter((one) => one.event === event && (id === undefined || one.id === id));
  const stocks = (): Promise<Stock[]> => log.reading.manager.find(Stock, { order: { product_id: 'ASC' } });
  const addOrder = async (items = [1]): Promise<number> => (await execute<{ order_id: number }>(order(items))).order_id;
  const payable = async (): Promise<number> => {
    const id = await addOrder();
    await log.transaction((tx) => confirmOrder(tx, id, link(id)));
    return id;
  };

  it('are all made, whatever they have in common, in whatever order they name it', async () => {
    const named = [
      [1, 2, 4],
      [4, 2, 1],
      [2, 1],
      [4, 1],
    ];

    const { done, refused } = await many(times(40, (index) => () => addOrder(named[index % 4])));

    expect(refused).toEqual([]);
    expect(new Set(done).size).toBe(40);
    expect((await stocks()).map(({ quantity }) => quantity)).toEqual([960, 470, 2, 60]);
    expect(await log.reading.manager.count(OrderItem)).toBe(100);
  });

  it('are cancelled once', async () => {
    const id = await addOrder([1, 3]);

    const { done, refused } = await many(times(MANY, () => () => execute(new CancelOrder(id))));

    expect(done).toEqual([{ deleted: true }]);
    expect(refused).toEqual(Array(MANY - 1).fill(OrderNotFound));
    expect(await told('OrderCancelled')).toHaveLength(1);
    expect(await stocks()).toEqual(onTheFirstDay);
  });

  it('are paid once', async () => {
    const id = await payable();

    const { done } = await many(times(MANY, () => () => execute(pay(id))));

    expect(done).toHaveLength(MANY);
    expect(await told('OrderPaid')).toHaveLength(1);
  });

  it('are cancelled or paid: what was paid goes back with the order, or is refused', async () => {
    const ids: number[] = [];
    for (let count = 0; count < MANY; count++) ids.push(await payable());

    await many(
      ids.flatMap((id, index) => {
        const cancel = (): Promise<unknown> => execute(new CancelOrder(id));
        const judge = (): Promise<unknown> => log.transaction((tx) => judgePayment(tx, received(id, '1999.99')));
        return index % 2 ? [cancel, judge] : [judge, cancel];
      }),
    );

    const rejected = await told('PaymentRejected');
    for (const id of ids) {
      const [cancelled, ...more] = await told('OrderCancelled', id);
      expect(more).toEqual([]);
      const paid = await told('OrderPaid', id);
      const back = rejected.filter(({ order_id }) => order_id === id).map(({ reason }) => reason);
      expect([paid.length, cancelled.is_paid, back]).toEqual(
        cancelled.is_paid ? [1, true, []] : [0, false, ['paid-after-cancelled']],
      );
    }
    expect(await stocks()).toEqual(onTheFirstDay);
  });

  it('go with their user, also those that he makes while he is deleted', async () => {
    for (const user_id of [1, 2, 3]) {
      const orders = times(MANY, () => () => execute(order([1, 2], user_id)));
      const deletions = times(2, () => () => execute(new DeleteUser(user_id)));

      const { refused } = await many([...orders.slice(0, MANY / 2), ...deletions, ...orders.slice(MANY / 2)]);

      expect(refused.filter((error) => error !== UnknownUser)).toHaveLength(1);
    }

    expect(await log.reading.manager.find(Order)).toEqual([]);
    expect(await stocks()).toEqual(onTheFirstDay);
    const created = (await told('OrderCreated')).map(({ id }) => id);
    const cancelled = (await told('OrderCancelled')).map(({ id }) => id);
    expect(cancelled.toSorted()).toEqual(created.toSorted());
    expect(await told('UserDeleted')).toHaveLength(3);
  });

  it('stay when they are paid while their user is deleted, and are cancelled when not', async () => {
    const ids: number[] = [];
    for (let count = 0; count < MANY; count++) ids.push(await payable());
    const pays = ids.map((id) => () => execute(pay(id)));

    await many([...pays.slice(0, MANY / 2), () => execute(new DeleteUser(1)), ...pays.slice(MANY / 2)]);

    const kept = await log.reading.manager.find(Order);
    const paid = (await told('OrderPaid')).map(({ id }) => id);
    const cancelled = (await told('OrderCancelled')).map(({ id }) => id);
    expect(kept.every(({ user_id, is_paid }) => user_id === null && is_paid)).toBe(true);
    expect(kept.map(({ id }) => id).toSorted()).toEqual(paid.toSorted());
    expect([...paid, ...cancelled].toSorted()).toEqual(ids.toSorted());
  });

  it('hold a product that is deleted meanwhile, or do not know it', async () => {
    for (let round = 0; round < 4; round++) {
      const product = Object.assign(new AddProduct(), { name: 'Mouse', sku: `MS${round}`, price: 1 });
      const { product_id } = await execute<{ product_id: number }>(product);
      await execute(Object.assign(new SetStock(), { product_id, quantity: 100 }));
      const orders = times(6, () => () => execute(order([1, product_id])));

      const { refused } = await many([...orders.slice(0, 3), () => execute(new DeleteProduct(product_id)), ...orders]);

      const sold = await log.reading.manager.countBy(OrderItem, { product_id });
      const left = await log.reading.manager.findOneBy(Stock, { product_id });
      expect(left?.quantity ?? 100).toBe(100 - sold);
      expect(new Set(refused)).toEqual(new Set([left ? ProductOrdered : UnknownProduct]));
    }
  });

  it('take what the stock has, also while it is set', async () => {
    const set = (quantity: number) => () => execute(Object.assign(new SetStock(), { product_id: 2, quantity }));

    await many(times(30, (index) => (index % 3 === 0 ? set(1_000 + index) : () => execute(order([2])))));

    const events = (await recordedIn<{ quantity: number; previous_quantity: number }>(log)).filter(
      ({ event }) => event === 'StockSet',
    );
    const added = events.reduce((sum, { quantity, previous_quantity }) => sum + quantity - previous_quantity, 500);
    expect(events).toHaveLength(10);
    expect((await stocks())[1].quantity).toBe(added - 20);
  });
});
