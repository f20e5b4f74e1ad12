import { OrderCancelled, OrderCreated, type OrderLine } from '@magasin/contracts';
import { type Delivery, discardRows, EventConsumer, On } from '@magasin/event-bus';
import { orUpdate, type UnitOfWork } from '@magasin/event-log';
import { UnitsSold } from './units-sold';

export const BEST_SELLERS = 'best-sellers';

const KEY = 'instance, product_id';

/** Adds up what is ordered, product by product: orders come in any order, and sums do not mind. */
@EventConsumer(BEST_SELLERS, { discard: (tx, instance) => discardRows(tx, UnitsSold, instance) })
export class BestSellersConsumer {
  @On(OrderCreated)
  async sell({ items }: OrderCreated, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    await add(tx, consumer, items, 1);
  }

  @On(OrderCancelled)
  async takeBack({ items }: OrderCancelled, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    await add(tx, consumer, items, -1);
  }
}

async function add(tx: UnitOfWork, instance: string, items: OrderLine[], sign: 1 | -1): Promise<void> {
  const added = orUpdate(tx.rows, KEY, (row) => `quantity_sold = quantity_sold + ${row('quantity_sold')}`);
  for (const { product_id, quantity } of items) {
    await tx.rows.query(`INSERT INTO best_sellers (instance, product_id, quantity_sold) VALUES (?, ?, ?) ${added}`, [
      instance,
      product_id,
      sign * quantity,
    ]);
  }
}
