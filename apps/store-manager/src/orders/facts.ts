import { type Facts, type OrderCreated, toAmount } from '@magasin/contracts';
import type { UnitOfWork } from '@magasin/event-log';
import { type Order, OrderItem } from './order';

/** What every event of an order says of it. */
export const factsOf = (order: Order, items: OrderItem[]): Facts<OrderCreated> => ({
  id: order.id,
  user_id: order.user_id,
  user_name: order.user_name,
  user_email: order.user_email,
  total_amount: toAmount(order.total_cents),
  items: items.map(({ product_id, name, quantity, unit_price_cents }) => ({
    product_id,
    name,
    quantity,
    unit_price: toAmount(unit_price_cents),
  })),
});

/** The lines of an order, by product. */
export const itemsOf = (tx: UnitOfWork, { id }: Order): Promise<OrderItem[]> =>
  tx.rows.find(OrderItem, { where: { order_id: id }, order: { product_id: 'ASC' } });
