import { type Facts, OrderCancelled, OrderCreated, PaymentRejected } from '@magasin/contracts';
import { onBothDatabases, recordedIn, Scenario } from '@magasin/event-bus/testing';
import { EventLog, type UnitOfWork } from '@magasin/event-log';
import { SettingsModule } from '@magasin/hosting';
import { CommandBus, type ICommand } from '@nestjs/cqrs';
import { PaymentsSettings } from '../settings';
import { ProcessPayment } from './commands/process-payment';
import { RequestPayment } from './commands/request-payment';
import { PaymentClosed } from './errors';
import { OrderPaymentsModule } from './index';
import { Payment } from './payment';
import { closeForOrder } from './reactions/close-for-order';
import { requestForOrder } from './reactions/request-for-order';
import { returnRejected } from './reactions/return-rejected';

const MANY = 16;
const BASE = 'http://localhost:5009/payments/process';

const ada = { user_name: 'Ada Lovelace', user_email: 'alovelace@example.com' };
const facts = (id: number): Facts<OrderCreated> => ({
  id,
  user_id: 1,
  ...ada,
  total_amount: '59.50',
  items: [{ product_id: 2, name: 'Keyboard DEF', quantity: 1, unit_price: '59.50' }],
});
const asked = (order_id: number, total_amount = 59.5): RequestPayment =>
  Object.assign(new RequestPayment(), { order_id, user_id: 1, total_amount });

onBothDatabases('Payments, when all comes at once', (databases) => {
  let scenario: Scenario;
  let log: EventLog;
  beforeEach(async () => {
    const settings = SettingsModule.of(PaymentsSettings, new PaymentsSettings());
    scenario = await Scenario.open({ imports: [settings, OrderPaymentsModule] }, undefined, databases);
    log = scenario.app.get(EventLog);
  });
  afterEach(() => scenario.end());

  const execute = <T>(command: ICommand): Promise<T> => scenario.app.get(CommandBus).execute(command);
  const reaction = (work: (tx: UnitOfWork) => Promise<unknown>): Promise<unknown> => log.transaction(work, 'consumer');
  const create = (id: number): Promise<unknown> =>
    reaction((tx) => requestForOrder(tx, OrderCreated.of(facts(id)), BASE));
  const cancel = (id: number, is_paid: boolean): Promise<unknown> =>
    reaction((tx) => closeForOrder(tx, OrderCancelled.of({ ...facts(id), is_paid, reason: 'request' })));
  const told = async (event: string): Promise<{ id: number; total_amount: string }[]> =>
    (await recordedIn<{ id: number; total_amount: string }>(log)).filter((one) => one.event === event);
  const payments = (): Promise<Payment[]> => log.reading.manager.find(Payment, { order: { order_id: 'ASC' } });

  it('are one for each order, whoever asks for it', async () => {
    const orders = [1, 2, 3, 4];

    const answers = await Promise.all(
      orders.flatMap((id) => [
        ...Array.from({ length: 3 }, () => execute<{ payment_id: number }>(asked(id))),
        create(id).then(() => undefined),
      ]),
    );

    const rows = await payments();
    expect(rows.map(({ order_id, order_cents }) => [order_id, order_cents])).toEqual(orders.map((id) => [id, 5_950]));
    const given = answers.flatMap((answer) => (answer ? [answer.payment_id] : []));
    expect(new Set(given)).toEqual(new Set(rows.map(({ id }) => id)));
  });

  it('are charged once', async () => {
    const { payment_id } = await execute<{ payment_id: number }>(asked(7));

    const answers = await Promise.all(
      Array.from({ length: MANY }, () => execute<{ charged: boolean }>(new ProcessPayment(payment_id))),
    );

    expect(answers.filter(({ charged }) => charged)).toHaveLength(1);
    expect(await told('PaymentReceived')).toHaveLength(1);
  });

  it('are charged what they say, also when their order comes just then with another amount', async () => {
    for (let id = 1; id <= MANY; id++) await execute(asked(id, 1));
    const ids = (await payments()).map((payment) => payment.id);

    await Promise.all(ids.flatMap((id, index) => [execute(new ProcessPayment(id)), create(index + 1)]));

    const charged = new Map((await told('PaymentReceived')).map((one) => [one.id, one.total_amount]));
    for (const { id, state, total_cents } of await payments()) {
      expect([state, charged.get(id)]).toEqual(['paid', total_cents === 100 ? '1.00' : '59.50']);
    }
  });

  it('are paid or cancelled', async () => {
    for (let id = 1; id <= MANY; id++) await create(id);
    const ids = (await payments()).map((payment) => payment.id);

    const decided = await Promise.all(
      ids.map(async (id, index) => {
        const [paid] = await Promise.allSettled([execute(new ProcessPayment(id)), cancel(index + 1, false)]);
        return paid.status === 'fulfilled' || (paid.reason as Error).constructor === PaymentClosed;
      }),
    );

    expect(decided).toEqual(Array(MANY).fill(true));
    const received = new Set((await told('PaymentReceived')).map(({ id }) => id));
    for (const { id, state } of await payments()) expect(state).toBe(received.has(id) ? 'paid' : 'cancelled');
  });

  it('go back once', async () => {
    await create(7);
    const [{ id }] = await payments();
    await execute(new ProcessPayment(id));
    const rejected = PaymentRejected.of({
      payment_id: id,
      order_id: 7,
      total_amount: '59.50',
      reason: 'paid-after-cancelled',
      ...ada,
    });

    await Promise.all(
      Array.from({ length: MANY }, (_, index) =>
        index % 2 ? cancel(7, true) : reaction((tx) => returnRejected(tx, rejected, BASE)),
      ),
    );

    expect(await told('PaymentRefunded')).toHaveLength(1);
    expect((await payments()).map(({ state }) => state)).toEqual(['refunded']);
  });
});
