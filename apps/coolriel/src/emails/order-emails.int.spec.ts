import { SettingsModule } from '@magasin/hosting';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OrderCancelled, OrderConfirmed, OrderPaid, PaymentRefunded } from '@magasin/contracts';
import { type Consumer, EventBus } from '@magasin/event-bus';
import { Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { MetricsModule } from '@magasin/operations';
import { MailerModule } from '../mailer';
import { CoolrielSettings } from '../settings';
import { Email } from './email';
import { EmailAttempt } from './email-attempt';
import { EmailsModule } from './index';
import { AN_ORDER } from './order-facts';

const { user_id, user_name, user_email, total_amount } = AN_ORDER;
const payment_link = 'http://localhost:5009/payments/process/12';

const confirmed = (changes: object = {}): OrderConfirmed =>
  OrderConfirmed.of({ ...AN_ORDER, payment_id: 12, payment_link, ...changes });
const paid = OrderPaid.of({ ...AN_ORDER, payment_id: 12 });
const cancelled = OrderCancelled.of({ ...AN_ORDER, is_paid: true, reason: 'request' });
const refunded = PaymentRefunded.of({
  id: 12,
  order_id: 7,
  user_id,
  user_name,
  user_email,
  total_amount,
  reason: 'order-cancelled',
});
const refundedToNobody = PaymentRefunded.of({ id: 13, order_id: 99, user_id, total_amount, reason: 'unknown-order' });

describe('The e-mails about an order', () => {
  let output: string;
  let scenario: Scenario;
  beforeEach(async () => {
    output = mkdtempSync(join(tmpdir(), 'mails-'));
    const settings = Object.assign(new CoolrielSettings(), { OUTPUT_FOLDER: output });
    scenario = await Scenario.open({
      imports: [SettingsModule.of(CoolrielSettings, settings), MetricsModule, MailerModule, EmailsModule],
    });
  });
  afterEach(async () => {
    await scenario.end();
    rmSync(output, { recursive: true });
  });

  const reading = () => scenario.app.get(EventLog).reading.manager;
  /** Waits until so many e-mails are sent. @returns those of the customer, as they were sent. */
  const sent = async (count: number): Promise<Email[]> => {
    while ((await reading().countBy(Email, { state: 'sent' })) < count) await pause(5);
    const emails = await reading().find(Email);
    const attempts = await reading().find(EmailAttempt, { order: { id: 'ASC' } });
    return attempts
      .map(({ email_id }) => emails.find(({ id }) => id === email_id)!)
      .filter(({ recipient }) => recipient === user_email);
  };

  it('go to the customer in its order, each in files of its own', async () => {
    await scenario
      .given(confirmed(), paid, cancelled)
      .when(refunded)
      .thenRows(Email, [
        { template: 'order-confirmation', recipient: user_email, file: 'order_confirmation_7' },
        { template: 'payment-receipt', recipient: user_email, file: 'payment_receipt_7' },
        { template: 'order-cancellation', recipient: user_email, file: 'order_cancellation_7' },
        { template: 'refund', recipient: user_email, file: 'refund_7' },
      ]);

    const emails = await sent(4);
    expect(emails.map(({ template }) => template)).toEqual([
      'order-confirmation',
      'payment-receipt',
      'order-cancellation',
      'refund',
    ]);
    const files = emails.flatMap(({ file }) => [`${file}.eml`, `${file}.html`]);
    expect(readdirSync(output).toSorted()).toEqual(files.toSorted());
    expect(emails[0].text).toContain(`\nPayer ma commande :\n${payment_link}\n`);
  });

  it('go in its order also when they wait together, among those of others', async () => {
    const others = Array.from({ length: 12 }, (_, n) => confirmed({ id: n + 8, user_email: `u${n}@example.com` }));
    const events = [...others.slice(6), confirmed(), paid, cancelled, ...others.slice(0, 6)];
    await scenario
      .when((app) => app.get(EventLog).transaction(async (tx) => events.map((event) => tx.record(event)).length))
      .thenAnswers(15);

    expect((await sent(15)).map(({ template }) => template)).toEqual([
      'order-confirmation',
      'payment-receipt',
      'order-cancellation',
    ]);
  });

  it('are none where nobody knows whose money it was, and what comes after is told', async () => {
    await scenario
      .given(refundedToNobody)
      .when(refunded)
      .thenRows(Email, [{ template: 'refund', recipient: user_email }]);
  });

  it('are not missing, for a replay, where nobody knows whose money it was', async () => {
    await scenario.when(refundedToNobody).thenRows(Email, []);
    const [recorded] = await scenario.app.get(EventLog).history.after(0, 1);
    const delivery = { ...recorded, source: 'a-log', consumer: 'coolriel' };
    const { preview } = scenario.app.get(EventBus).consumers[0] as Required<Consumer>;

    expect(await preview(refundedToNobody, delivery, reading())).toEqual([]);
    // Of the same event with an address there is one.
    expect(await preview(refunded, delivery, reading())).toMatchObject([{ template: 'refund', recipient: user_email }]);
  });
});
