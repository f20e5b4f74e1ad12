import type { Stock } from './stock';

/** What is on the shelves on the first day: the state before the first event. */
export const STOCK_SEEDS: Stock[] = [
  { product_id: 1, quantity: 1000 },
  { product_id: 2, quantity: 500 },
  { product_id: 3, quantity: 2 },
  { product_id: 4, quantity: 90 },
];
