import { PRODUCT_SEEDS } from '../../products';
import { STOCK_SEEDS } from '../seeds';
import type { OverviewLine } from './overview-line';

/** What an instance begins with: the state before the first event, of which no event tells. */
export const firstLines = (instance: string): OverviewLine[] =>
  PRODUCT_SEEDS.map(({ id: product_id, name, sku, price_cents }) => {
    const stock = STOCK_SEEDS.find((seed) => seed.product_id === product_id);
    return { instance, product_id, name, sku, price_cents, units: stock?.quantity ?? 0, counted: stock !== undefined };
  });
