import { toAmount } from '@magasin/contracts';
import { EventLog } from '@magasin/event-log';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { confirmOrder } from '../confirm-order';
import { Order } from '../order';
import { PaymentsClient } from '../payments-client';

/**
 * The quick way of `sync`: asks payments for the payment of an order that is committed, and confirms the order. Its event
 * does the same, in both modes, so an answer that does not come, or is none, is not missed.
 */
export class AskPayment extends Command<void> {
  constructor(readonly order_id: number) {
    super();
  }
}

@CommandHandler(AskPayment)
export class AskPaymentHandler implements ICommandHandler<AskPayment> {
  constructor(
    private readonly log: EventLog,
    private readonly payments: PaymentsClient,
    @InjectRepository(Order) private readonly orders: Repository<Order>,
  ) {}

  async execute({ order_id }: AskPayment): Promise<void> {
    const order = await this.orders.findOneBy({ id: order_id });
    if (!order || order.payment_link !== null) return;
    const { user_id, total_cents } = order;
    const payment = await this.payments.ask({ order_id, user_id, total_amount: toAmount(total_cents) });
    if (payment) await this.log.transaction((tx) => confirmOrder(tx, order_id, payment));
  }
}
