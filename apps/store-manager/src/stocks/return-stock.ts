import type { UnitOfWork } from '@magasin/event-log';
import { StockNotFound } from './errors';
import { Stock } from './stock';
import { inProductOrder } from './take-stock';

/**
 * Puts units back that were taken, in the caller's unit of work.
 * @throws StockNotFound when a product has no stock any more: it was deleted, which an order's line does not allow.
 */
export async function returnStock(tx: UnitOfWork, items: Stock[]): Promise<void> {
  for (const { product_id, quantity } of inProductOrder(items)) {
    const { affected } = await tx.rows.increment(Stock, { product_id }, 'quantity', quantity);
    if (affected !== 1) throw new StockNotFound(product_id);
  }
}
