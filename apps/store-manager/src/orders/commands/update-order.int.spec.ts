import { PaymentRequested } from '@magasin/contracts';
import { Scenario } from '@magasin/event-bus/testing';
import { SettingsModule } from '@magasin/hosting';
import { StoreManagerSettings } from '../../settings';
import { OrderHasNoPayment, OrderNotFound, OrderStaysPaid } from '../errors';
import { OrdersModule } from '../index';
import { Order } from '../order';
import { AddOrder } from './add-order';
import { CancelOrder } from './cancel-order';
import { UpdateOrder } from './update-order';

const settings = SettingsModule.of(StoreManagerSettings, new StoreManagerSettings());

const order: AddOrder = Object.assign(new AddOrder(), { user_id: 1, items: [{ product_id: 2, quantity: 2 }] });
const requested = PaymentRequested.of({
  id: 4,
  order_id: 1,
  user_id: 1,
  total_amount: '119.00',
  payment_link: 'http://localhost:5009/payments/process/4',
});
const update = (is_paid: boolean): UpdateOrder => Object.assign(new UpdateOrder(), { order_id: 1, is_paid });

describe('UpdateOrder', () => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [settings, OrdersModule] })));
  afterEach(() => scenario.end());

  it('says nothing of an order that is as it is told', async () => {
    await scenario.given(order).when(update(false)).thenAnswers({ updated: true });
    await scenario.when(update(false)).thenNothing();
    await scenario.given(requested, update(true)).when(update(true)).thenAnswers({ updated: true });
    await scenario.when(update(true)).thenNothing();
  });

  it('never makes a paid order unpaid', async () => {
    await scenario.given(order, requested, update(true)).when(update(false)).thenRefused(OrderStaysPaid);
    await scenario.when(() => undefined).thenRows(Order, [{ id: 1, is_paid: true, payment_id: 4 }]);
  });

  it('refuses an order that has no payment yet', async () => {
    await scenario.given(order).when(update(true)).thenRefused(OrderHasNoPayment);
  });

  it('refuses an order that is not there, and one that is gone', async () => {
    await scenario.when(update(true)).thenRefused(OrderNotFound);
    await scenario.given(order, new CancelOrder(1)).when(update(false)).thenRefused(OrderNotFound);
  });
});
