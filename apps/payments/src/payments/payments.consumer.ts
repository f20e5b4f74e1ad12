import { OrderCancelled, OrderCreated, OrderPaid, PaymentRejected } from '@magasin/contracts';
import { EventConsumer, On } from '@magasin/event-bus';
import type { UnitOfWork } from '@magasin/event-log';
import { PaymentsSettings } from '../settings';
import { closeForOrder } from './reactions/close-for-order';
import { requestForOrder } from './reactions/request-for-order';
import { returnRejected } from './reactions/return-rejected';
import { settleForOrder } from './reactions/settle-for-order';

/** Follows the orders: one stream for each, so what is told of an order comes in order. */
@EventConsumer('payments')
export class PaymentsConsumer {
  constructor(private readonly settings: PaymentsSettings) {}

  @On(OrderCreated)
  async request(order: OrderCreated, tx: UnitOfWork): Promise<void> {
    await requestForOrder(tx, order, this.settings.PAYMENT_LINK_BASE);
  }

  @On(OrderPaid)
  async settle(order: OrderPaid, tx: UnitOfWork): Promise<void> {
    await settleForOrder(tx, order);
  }

  @On(OrderCancelled)
  async close(order: OrderCancelled, tx: UnitOfWork): Promise<void> {
    await closeForOrder(tx, order);
  }

  @On(PaymentRejected)
  async return(rejected: PaymentRejected, tx: UnitOfWork): Promise<void> {
    await returnRejected(tx, rejected, this.settings.PAYMENT_LINK_BASE);
  }
}
