import { inDialect, type UnitOfWork } from '@magasin/event-log';
import type { Product } from './product';

// One by one, in the order of the ids, and never by a look at the whole table, where it would wait for others' rows.
const FIND = {
  sqlite: 'SELECT id, name, sku, price_cents FROM products WHERE id IN (SELECT value FROM json_each(?))',
  mysql: `SELECT products.id, name, sku, price_cents
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) AS asked STRAIGHT_JOIN products ON products.id = asked.id
    LOCK IN SHARE MODE`,
};

/**
 * The products of these ids that there are, in the caller's unit of work; they are not deleted before it ends. For each
 * order, so in plain SQL: one statement for any number of them.
 * @param ids in ascending order, so that no two units wait for each other
 */
export async function findProducts(tx: UnitOfWork, ids: number[]): Promise<Map<number, Product>> {
  const products = await tx.rows.query<Product[]>(inDialect(tx.rows, FIND), [JSON.stringify(ids)]);
  return new Map(products.map((product) => [product.id, product]));
}
