import { EventLog } from '@magasin/event-log';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { OrderNotFound } from '../errors';
import type { OrderView } from '../order';
import { type OrderRow, selectOrders, viewOf } from './order-rows';

export class ReadOrder extends Query<OrderView> {
  constructor(readonly id: number) {
    super();
  }
}

@QueryHandler(ReadOrder)
export class ReadOrderHandler implements IQueryHandler<ReadOrder> {
  constructor(private readonly log: EventLog) {}

  async execute({ id }: ReadOrder): Promise<OrderView> {
    const { reading } = this.log;
    const [row] = await reading.query<OrderRow[]>(`${selectOrders(reading)} WHERE id = ?`, [id]);
    if (!row) throw new OrderNotFound(id);
    return viewOf(row);
  }
}
