import { PaymentReceived } from '@magasin/contracts';
import { Scenario } from '@magasin/event-bus/testing';
import { SettingsModule } from '@magasin/hosting';
import { CommandBus } from '@nestjs/cqrs';
import { PaymentsSettings } from '../../settings';
import { PaymentClosed, PaymentNotFound } from '../errors';
import { OrderPaymentsModule } from '../index';
import { Payment, PAYMENT_STATES } from '../payment';
import { ProcessPayment } from './process-payment';

const payment = (state: Payment['state']): Omit<Payment, 'order_cents'> => ({
  id: 6,
  order_id: 7,
  user_id: null,
  total_cents: 5_950,
  state,
  created_at: 0,
});
const received = PaymentReceived.of({ id: 6, order_id: 7, user_id: null, total_amount: '59.50' });

describe('ProcessPayment', () => {
  let scenario: Scenario;
  beforeEach(async () => {
    const settings = SettingsModule.of(PaymentsSettings, new PaymentsSettings());
    scenario = await Scenario.open({ imports: [settings, OrderPaymentsModule] });
  });
  afterEach(() => scenario.end());

  const paid = { order_id: 7, payment_id: 6, is_paid: true };

  it('charges an open payment, and tells of it', async () => {
    await scenario
      .givenRows(Payment, payment('requested'))
      .when(new ProcessPayment(6))
      .then(received)
      .andAnswers({ ...paid, charged: true })
      .andRows(Payment, [payment('paid')]);
  });

  it('charges once, though it comes again', async () => {
    await scenario.givenRows(Payment, payment('paid')).when(new ProcessPayment(6)).thenNothing();
    await scenario.when(new ProcessPayment(6)).thenAnswers({ ...paid, charged: false });
  });

  it('charges once, of twenty at once', async () => {
    const all = (commands: CommandBus) =>
      Promise.all(Array.from({ length: 20 }, () => commands.execute(new ProcessPayment(6))));

    await scenario
      .givenRows(Payment, payment('requested'))
      .when((app) => all(app.get(CommandBus)))
      .then(received)
      .andAnswers(Array.from({ length: 20 }, (_, index) => ({ ...paid, charged: index === 0 })));
  });

  it.each(PAYMENT_STATES.filter((state) => !['requested', 'paid'].includes(state)))(
    'refuses a payment that is %s',
    async (state) => {
      await scenario.givenRows(Payment, payment(state)).when(new ProcessPayment(6)).thenRefused(PaymentClosed);
    },
  );

  it('refuses an unknown payment', async () => {
    await scenario.when(new ProcessPayment(6)).thenRefused(PaymentNotFound);
  });
});
