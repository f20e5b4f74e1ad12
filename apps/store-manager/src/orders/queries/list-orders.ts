import { EventLog } from '@magasin/event-log';
import { type Page, toPage } from '@magasin/hosting';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { OrderView } from '../order';
import { type OrderRow, selectOrders, viewOf } from './order-rows';

export class ListOrders extends Query<Page<OrderView>> {
  constructor(
    readonly limit: number,
    /** The last id of the page before. */
    readonly after = 0,
  ) {
    super();
  }
}

@QueryHandler(ListOrders)
export class ListOrdersHandler implements IQueryHandler<ListOrders> {
  constructor(private readonly log: EventLog) {}

  async execute({ limit, after }: ListOrders): Promise<Page<OrderView>> {
    const { reading } = this.log;
    const found = await reading.query<OrderRow[]>(`${selectOrders(reading)} WHERE id > ? ORDER BY id LIMIT ?`, [
      after,
      limit + 1,
    ]);
    const page = found.slice(0, limit);
    return toPage(page.map(viewOf), found.length > limit ? page[limit - 1].id : undefined);
  }
}
