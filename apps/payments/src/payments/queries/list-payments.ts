import { type Page, toPage } from '@magasin/hosting';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { Payment, type PaymentView, viewOf } from '../payment';

export class ListPayments extends Query<Page<PaymentView>> {
  constructor(
    readonly limit: number,
    /** The last id of the page before. */
    readonly after = 0,
  ) {
    super();
  }
}

@QueryHandler(ListPayments)
export class ListPaymentsHandler implements IQueryHandler<ListPayments> {
  constructor(@InjectRepository(Payment) private readonly payments: Repository<Payment>) {}

  async execute({ limit, after }: ListPayments): Promise<Page<PaymentView>> {
    const found = await this.payments.find({ where: { id: MoreThan(after) }, order: { id: 'ASC' }, take: limit + 1 });
    const page = found.slice(0, limit);
    return toPage(page.map(viewOf), found.length > limit ? page[limit - 1].id : undefined);
  }
}
