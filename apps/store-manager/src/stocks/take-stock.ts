import type { UnitOfWork } from '@magasin/event-log';
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
    if (await take(tx, product_id, asked)) continue;
    const stock = await tx.rows.findOneBy(Stock, { product_id });
    short.push({ product_id, asked, available: stock?.quantity ?? 0 });
  }
  if (short.length > 0) throw new StockTooLow(short);
}

/** For each line of each order, so in plain SQL. @returns false when there is not enough. */
async function take(tx: UnitOfWork, product_id: number, asked: number): Promise<boolean> {
  const { affected } = await tx.rows.queryRunner!.query(
    'UPDATE stocks SET quantity = quantity - ? WHERE product_id = ? AND quantity >= ?',
    [asked, product_id, asked],
    true,
  );
  return affected === 1;
}

/** Once for each product. */
export function inProductOrder(items: Stock[]): Stock[] {
  const sums = new Map<number, number>();
  for (const { product_id, quantity } of items) sums.set(product_id, (sums.get(product_id) ?? 0) + quantity);
  return [...sums].map(([product_id, quantity]) => ({ product_id, quantity })).sort(byProduct);
}

const byProduct = (a: Stock, b: Stock): number => a.product_id - b.product_id;
