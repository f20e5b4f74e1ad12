import {
  type Facts,
  OrderConfirmed,
  OrderCreated,
  OrderPaid,
  PaymentReceived,
  PaymentRejected,
  PaymentRequested,
} from '@magasin/contracts';
import { Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { SettingsModule } from '@magasin/hosting';
import { StoreManagerSettings } from '../settings';
import { UpdateOrder } from './commands/update-order';
import { confirmOrder } from './confirm-order';
import { AddOrder, CancelOrder, OrdersModule } from './index';
import { Order } from './order';

const settings = SettingsModule.of(StoreManagerSettings, new StoreManagerSettings());

const link = 'http://localhost:5009/payments/process/4';
const order: AddOrder = Object.assign(new AddOrder(), { user_id: 1, items: [{ product_id: 2, quantity: 2 }] });
const ada = { user_name: 'Ada Lovelace', user_email: 'alovelace@example.com' };
const facts: Facts<OrderCreated> = {
  id: 1,
  user_id: 1,
  ...ada,
  total_amount: '119.00',
  items: [{ product_id: 2, name: 'Keyboard DEF', quantity: 2, unit_price: '59.50' }],
};
const payment = { id: 4, order_id: 1, user_id: 1, total_amount: '119.00' };
const requested = (changes: object = {}): PaymentRequested =>
  PaymentRequested.of({ ...payment, payment_link: link, ...changes });
const received = (changes: object = {}): PaymentReceived => PaymentReceived.of({ ...payment, ...changes });
const rejected = (reason: PaymentRejected['reason'], changes: object = {}): PaymentRejected =>
  PaymentRejected.of({ payment_id: 4, order_id: 1, total_amount: '119.00', reason, ...changes });
const paid = (is_paid = true): UpdateOrder => Object.assign(new UpdateOrder(), { order_id: 1, is_paid });
const confirmed = OrderConfirmed.of({ ...facts, payment_id: 4, payment_link: link });
const isPaid = OrderPaid.of({ ...facts, payment_id: 4 });

describe('The orders, told by payments', () => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [settings, OrdersModule] })));
  afterEach(() => scenario.end());

  describe('that an order can be paid', () => {
    it('give it its link, and confirm it', async () => {
      await scenario
        .given(order)
        .when(requested())
        .then(confirmed)
        .andRows(Order, [{ id: 1, payment_id: 4, payment_link: link, is_paid: false }]);
    });

    it('say nothing the second time, and keep the first payment', async () => {
      const given = scenario.given(order, requested());

      await given.when(requested()).thenNothing();
      await scenario.when(requested({ id: 5, payment_link: `${link}5` })).thenNothing();
    });

    it('wait for one of their own amount', async () => {
      await scenario
        .given(order)
        .when(requested({ total_amount: '1.00' }))
        .thenNothing();
      await scenario.when(requested()).then(confirmed);
    });

    it.each([
      ['is not there', []],
      ['is gone', [order, new CancelOrder(1)]],
      ['is gone with its link', [order, requested(), new CancelOrder(1)]],
      ['is paid', [order, requested(), received()]],
      ['is paid and has no link', [order, received()]],
    ])('do nothing when it %s', async (_what, before) => {
      await scenario
        .given(...before)
        .when(requested())
        .thenNothing();
    });
  });

  describe('that it is paid', () => {
    it('note it, with the payment, and record it once', async () => {
      await scenario
        .given(order, requested())
        .when(received())
        .then(isPaid)
        .andRows(Order, [{ id: 1, payment_id: 4, payment_link: link, is_paid: true }]);
      await scenario.when(received()).thenNothing();
      await scenario.when(paid()).thenAnswers({ updated: true });
      await scenario.when(paid()).thenNothing();
    });

    it('take the money also when they never heard of the payment', async () => {
      await scenario
        .given(order, requested({ total_amount: '1.00' }))
        .when(received())
        .then(isPaid)
        .andRows(Order, [{ id: 1, payment_id: 4, payment_link: null, is_paid: true }]);
    });

    it('say nothing when a call was quicker', async () => {
      await scenario.given(order, requested()).when(paid()).then(isPaid).andAnswers({ updated: true });
      await scenario.when(received()).thenNothing();
    });

    it('refuse another amount, before the link is there, behind it, and when the order is paid', async () => {
      const wrong = received({ total_amount: '118.99' });
      const refusal = rejected('wrong-amount', { total_amount: '118.99', ...ada });

      await scenario.given(order).when(wrong).then(refusal);
      await scenario
        .given(requested())
        .when(wrong)
        .then(refusal)
        .andRows(Order, [{ id: 1, is_paid: false }]);
      await scenario
        .given(received())
        .when(wrong)
        .then(refusal)
        .andRows(Order, [{ id: 1, is_paid: true }]);
    });

    it('refuse money for an order that is cancelled, and name the customer of the log', async () => {
      await scenario.given(order, new CancelOrder(1)).when(received()).then(rejected('paid-after-cancelled', ada));
    });

    it('refuse it also when it was confirmed, and when other money was refused before', async () => {
      await scenario
        .given(order, requested(), new CancelOrder(1))
        .when(received({ total_amount: '1.00' }))
        .then(rejected('paid-after-cancelled', { total_amount: '1.00', ...ada }));
      await scenario.when(received({ id: 5 })).then(rejected('paid-after-cancelled', { payment_id: 5, ...ada }));
    });

    it('say nothing when it was cancelled as a paid one: its money has gone back with it', async () => {
      await scenario.given(order, requested(), paid(), new CancelOrder(1)).when(received()).thenNothing();
    });

    it('refuse money for an order that never was, and take it when it comes to be', async () => {
      await scenario.when(received()).then(rejected('unknown-order'));
      await scenario.given(order).when(requested()).then(confirmed);
      await scenario.when(received()).then(isPaid);
    });

    it('leave it to a person when it was paid by another payment', async () => {
      await scenario
        .given(order, requested(), received())
        .when(received({ id: 5 }))
        .thenParked('orders', 'The order 1 is paid by the payment 4, and now by 5 too.');
    });
  });

  describe('before its event, by the answer to a call', () => {
    const confirm = (): Promise<boolean> =>
      scenario.app.get(EventLog).transaction((tx) => confirmOrder(tx, 1, { payment_id: 4, payment_link: link }));

    it('confirm it as the event does, and whichever comes second says nothing', async () => {
      await scenario.given(order).when(confirm).then(confirmed).andAnswers(true);
      await scenario.when(requested()).thenNothing();
      await scenario.when(confirm).thenAnswers(false);
    });

    it.each([
      ['not there', []],
      ['gone', [order, new CancelOrder(1)]],
      ['paid', [order, received()]],
    ])('do nothing when it is %s', async (_what, before) => {
      await scenario
        .given(...before)
        .when(confirm)
        .thenNothing();
    });

    it('keep nothing when its link is none', async () => {
      const broken = () =>
        scenario.app
          .get(EventLog)
          .transaction((tx) => confirmOrder(tx, 1, { payment_id: 4, payment_link: 'process/4' }));

      await scenario.given(order).when(broken).thenRefused(Error);
    });
  });
});
