import {
  type Facts,
  OrderCancelled,
  OrderCreated,
  OrderPaid,
  PaymentReceived,
  PaymentRefunded,
  PaymentRejected,
  PaymentRequested,
} from '@magasin/contracts';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { SettingsModule } from '@magasin/hosting';
import { PaymentsSettings } from '../settings';
import { ProcessPayment } from './commands/process-payment';
import { RequestPayment } from './commands/request-payment';
import { PaymentClosed } from './errors';
import { OrderPaymentsModule } from './index';
import { Payment } from './payment';

const ada = { user_name: 'Ada Lovelace', user_email: 'alovelace@example.com' };
const order = (changes: Partial<Facts<OrderCreated>> = {}): Facts<OrderCreated> => ({
  id: 7,
  user_id: 1,
  ...ada,
  total_amount: '59.50',
  items: [{ product_id: 2, name: 'Keyboard DEF', quantity: 1, unit_price: '59.50' }],
  ...changes,
});
const created = (changes: Partial<Facts<OrderCreated>> = {}): OrderCreated => OrderCreated.of(order(changes));
const cancelled = (is_paid: boolean): OrderCancelled => OrderCancelled.of({ ...order(), is_paid, reason: 'request' });
const paid = OrderPaid.of({ ...order(), payment_id: 1 });
const rejected = (reason: PaymentRejected['reason'], total_amount = '59.50'): PaymentRejected =>
  PaymentRejected.of({ payment_id: 1, order_id: 7, total_amount, reason, ...(reason !== 'unknown-order' && ada) });
const asked = (changes: Partial<RequestPayment> = {}): RequestPayment =>
  Object.assign(new RequestPayment(), { order_id: 7, user_id: 1, total_amount: 59.5, ...changes });
const pay = new ProcessPayment(1);

const facts = { id: 1, order_id: 7, user_id: 1, total_amount: '59.50' };
const requested = (changes: object = {}): PaymentRequested =>
  PaymentRequested.of({ ...facts, payment_link: 'http://localhost:5009/payments/process/1', ...changes });
const received = PaymentReceived.of(facts);
const refunded = (reason: PaymentRefunded['reason'], changes: object = ada): PaymentRefunded =>
  PaymentRefunded.of({ ...facts, reason, ...changes });

onBothDatabases('The payment of an order', (databases) => {
  let scenario: Scenario;
  beforeEach(async () => {
    const settings = SettingsModule.of(PaymentsSettings, new PaymentsSettings());
    scenario = await Scenario.open({ imports: [settings, OrderPaymentsModule] }, undefined, databases);
  });
  afterEach(() => scenario.end());

  describe('is made for an order', () => {
    it('and tells of its link', async () => {
      await scenario
        .when(created())
        .then(requested())
        .andRows(Payment, [{ ...facts, total_amount: undefined, total_cents: 5_950, state: 'requested' } as never]);
    });

    it('once, though the order is told twice', async () => {
      await scenario.given(created()).when(created()).thenNothing();
      await scenario.given(pay).when(created()).thenNothing();
    });

    it('that somebody has asked for before: its link is told once more, for there was no order then', async () => {
      await scenario
        .given(asked())
        .when(created())
        .then(requested())
        .andRows(Payment, [{ id: 1, total_cents: 5_950 }]);
      await scenario.when(created()).thenNothing();
    });

    it('that is right about the amount and the user', async () => {
      await scenario
        .given(asked({ total_amount: 1, user_id: 3 }))
        .when(created())
        .then(requested())
        .andRows(Payment, [{ user_id: 1, total_cents: 5_950, state: 'requested' }]);
    });

    it('and is the one of whoever asks later', async () => {
      await scenario
        .given(created())
        .when(asked())
        .thenAnswers({ payment_id: 1, payment_link: 'http://localhost:5009/payments/process/1', is_new: false });
    });
  });

  describe('that was paid before its order came', () => {
    it('stays paid, with what was charged, and gets its user', async () => {
      await scenario
        .given(asked({ total_amount: 1, user_id: 3 }), pay)
        .when(created())
        .thenRows(Payment, [{ user_id: 1, total_cents: 100, state: 'paid' }]);
    });

    it('goes back when the store knows no order, and can be paid again when it comes', async () => {
      await scenario
        .given(asked(), pay)
        .when(rejected('unknown-order'))
        .then(refunded('unknown-order', {}))
        .andRows(Payment, [{ state: 'refunded' }]);
      await scenario
        .when(created({ total_amount: '60.00' }))
        .then(requested({ total_amount: '60.00' }))
        .andRows(Payment, [{ total_cents: 6_000, state: 'requested' }]);
      await scenario.when(pay).then(PaymentReceived.of({ ...facts, total_amount: '60.00' }));
    });

    it('with another amount goes back, and can be paid again with the right one', async () => {
      const wrong = { total_amount: '1.00', user_id: 1 };
      await scenario
        .given(asked({ total_amount: 1, user_id: 3 }), pay, created())
        .when(rejected('wrong-amount', '1.00'))
        .then(refunded('wrong-amount', { ...wrong, ...ada }), requested());
      await scenario.when(pay).then(received);
      await scenario.when(rejected('wrong-amount', '1.00')).thenNothing();
    });
  });

  describe('of an order that somebody else said was paid', () => {
    it('is paid, and no card is charged for it any more', async () => {
      await scenario
        .given(created())
        .when(paid)
        .thenRows(Payment, [{ state: 'paid' }]);
      await scenario.when(pay).thenAnswers({ order_id: 7, payment_id: 1, is_paid: true, charged: false });
    });

    it('goes back once when the order is cancelled', async () => {
      await scenario
        .given(created(), paid)
        .when(cancelled(true))
        .then(refunded('order-cancelled'))
        .andRows(Payment, [{ state: 'refunded' }]);
      await scenario.when(paid).thenNothing();
      await scenario.when(() => undefined).thenRows(Payment, [{ state: 'refunded' }]);
    });
  });

  describe('of an order that is cancelled', () => {
    it('is cancelled while it is open, and can not be paid any more', async () => {
      await scenario
        .given(created())
        .when(cancelled(false))
        .thenRows(Payment, [{ state: 'cancelled' }]);
      await scenario.when(cancelled(false)).thenNothing();
      await scenario.when(pay).thenRefused(PaymentClosed);
      await scenario.when(created()).thenNothing();
    });

    it('is cancelled too when the order says that it was paid, and nobody has told payments so: here nothing was', async () => {
      await scenario
        .given(created())
        .when(cancelled(true))
        .thenRows(Payment, [{ state: 'cancelled' }]);
    });

    it('goes back once when it was paid', async () => {
      await scenario
        .given(created(), pay)
        .when(cancelled(true))
        .then(refunded('order-cancelled'))
        .andRows(Payment, [{ state: 'refunded' }]);
      await scenario.when(cancelled(true)).thenNothing();
      await scenario.when(rejected('paid-after-cancelled')).thenNothing();
      await scenario.when(pay).thenRefused(PaymentClosed);
    });

    it('stays when it was paid meanwhile, until the store rejects it', async () => {
      await scenario.given(created(), pay).when(cancelled(false)).thenNothing();
      await scenario.when(rejected('paid-after-cancelled')).then(refunded('paid-after-cancelled'));
      await scenario.when(rejected('paid-after-cancelled')).thenNothing();
    });
  });

  it('there never was is not cancelled, and gives nothing back', async () => {
    await scenario.when(cancelled(true)).thenNothing();
    await scenario.when(rejected('paid-after-cancelled')).thenNothing();
  });

  it('that is open is not given back, whatever is rejected', async () => {
    await scenario.given(created()).when(rejected('wrong-amount')).thenNothing();
  });

  it('of another order is not touched', async () => {
    await scenario
      .given(created(), created({ id: 8 }), pay, new ProcessPayment(2))
      .when(cancelled(true))
      .then(refunded('order-cancelled'))
      .andRows(Payment, [{ state: 'refunded' }, { state: 'paid' }]);
  });
});
