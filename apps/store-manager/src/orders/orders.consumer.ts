import { PaymentReceived, PaymentRequested } from '@magasin/contracts';
import { EventConsumer, On } from '@magasin/event-bus';
import type { UnitOfWork } from '@magasin/event-log';
import { judgePayment } from './reactions/judge-payment';
import { linkPayment } from './reactions/link-payment';

/** What payments tells of the orders. An event that says what is so already records nothing. */
@EventConsumer('orders')
export class OrdersConsumer {
  @On(PaymentRequested)
  link(requested: PaymentRequested, tx: UnitOfWork): Promise<void> {
    return linkPayment(tx, requested);
  }

  @On(PaymentReceived)
  judge(received: PaymentReceived, tx: UnitOfWork): Promise<void> {
    return judgePayment(tx, received);
  }
}
