import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { PaymentNotFound } from '../errors';
import { Payment, type PaymentView, viewOf } from '../payment';

export class ReadPayment extends Query<PaymentView> {
  constructor(readonly id: number) {
    super();
  }
}

@QueryHandler(ReadPayment)
export class ReadPaymentHandler implements IQueryHandler<ReadPayment> {
  constructor(@InjectRepository(Payment) private readonly payments: Repository<Payment>) {}

  async execute({ id }: ReadPayment): Promise<PaymentView> {
    const payment = await this.payments.findOneBy({ id });
    if (!payment) throw new PaymentNotFound(id);
    return viewOf(payment);
  }
}
