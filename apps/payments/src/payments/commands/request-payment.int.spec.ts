import { PaymentRequested } from '@magasin/contracts';
import { Scenario } from '@magasin/event-bus/testing';
import { SettingsModule } from '@magasin/hosting';
import { CommandBus } from '@nestjs/cqrs';
import { PaymentsSettings } from '../../settings';
import { PaymentAmountDiffers } from '../errors';
import { OrderPaymentsModule } from '../index';
import { Payment } from '../payment';
import { RequestPayment } from './request-payment';

const ask = (changes: Partial<RequestPayment> = {}): RequestPayment =>
  Object.assign(new RequestPayment(), { user_id: 1, order_id: 7, total_amount: 59.5, ...changes });
const link = 'https://pay.example/pay/1';
const requested = PaymentRequested.of({ id: 1, order_id: 7, user_id: 1, total_amount: '59.50', payment_link: link });
const answer = { payment_id: 1, payment_link: link };

describe('RequestPayment', () => {
  let scenario: Scenario;
  beforeEach(async () => {
    const settings = Object.assign(new PaymentsSettings(), { PAYMENT_LINK_BASE: 'https://pay.example/pay/' });
    scenario = await Scenario.open({
      imports: [SettingsModule.of(PaymentsSettings, settings), OrderPaymentsModule],
    });
  });
  afterEach(() => scenario.end());

  it('makes the payment of an order, and tells of its link', async () => {
    await scenario
      .when(ask())
      .then(requested)
      .andAnswers({ ...answer, is_new: true })
      .andRows(Payment, [
        { id: 1, order_id: 7, user_id: 1, total_cents: 5_950, state: 'requested', order_cents: null },
      ]);
  });

  it('finds the one that there is, however the amount is written', async () => {
    await scenario
      .given(ask())
      .when(ask({ total_amount: '59.50', user_id: 2 }))
      .thenNothing();
    await scenario.when(ask()).thenAnswers({ ...answer, is_new: false });
  });

  it('makes one, though twenty ask at once', async () => {
    const all = (commands: CommandBus) => Promise.all(Array.from({ length: 20 }, () => commands.execute(ask())));

    await scenario
      .when((app) => all(app.get(CommandBus)))
      .then(requested)
      .andAnswers(Array.from({ length: 20 }, (_, index) => ({ ...answer, is_new: index === 0 })));
  });

  it('refuses another amount', async () => {
    await scenario
      .given(ask())
      .when(ask({ total_amount: 59.51 }))
      .thenRefused(PaymentAmountDiffers);
  });

  it('takes the largest amount that there is, to the cent', async () => {
    await scenario.when(ask({ total_amount: 9_999_999_999.99 })).thenRows(Payment, [{ total_cents: 999_999_999_999 }]);
  });
});
