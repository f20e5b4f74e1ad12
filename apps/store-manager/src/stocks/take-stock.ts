import type { UnitOfWork } from '@magasin/event-log';
import { MoreThanOrEqual } from 'typeorm';
import { type Short, StockTooLow } from './errors';
import { Stock } from './stock';

/**
 * Takes these units out of the stock, in the caller's unit of work: all of them, or it throws and the unit rolls back.
 * In product order, so that no two units wait for each other; a product that is named twice is summed.
 *
 * @throws StockTooLow naming every product of which there is not enough. Let it rise out of the unit.
 */
export async function takeStock(tx: UnitOfWork, items: Stock[]): Promise<void> {
  const short: Short[] = [];
  for (const { product_id, quantity: asked } of inProductOrder(items)) {
    const enough = { product_id, quantity: MoreThanOrEqual(asked) };
    const { affected } = await tx.rows.decrement(Stock, enough, 'quantity', asked);
    if (affected === 1) continue;
    const stock = await tx.rows.findOneBy(Stock, { product_id });
    short.push({ product_id, asked, available: stock?.quantity ?? 0 });
  }
  if (short.length > 0) throw new StockTooLow(short);
}

/** Once for each product. */
export function inProductOrder(items: Stock[]): Stock[] {
  const sums = new Map<number, number>();
  for (const { product_id, quantity } of items) sums.set(product_id, (sums.get(product_id) ?? 0) + quantity);
  return [...sums].map(([product_id, quantity]) => ({ product_id, quantity })).sort(byProduct);
}

const byProduct = (a: Stock, b: Stock): number => a.product_id - b.product_id;
