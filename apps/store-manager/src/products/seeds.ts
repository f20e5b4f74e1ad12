import type { Product } from './product';

/** The products of the first day: the state before the first event. */
export const PRODUCT_SEEDS: Product[] = [
  { id: 1, name: 'Laptop ABC', sku: 'LP12567', price_cents: 199_999 },
  { id: 2, name: 'Keyboard DEF', sku: 'KB67890', price_cents: 5_950 },
  { id: 3, name: 'Gadget XYZ', sku: 'GG12345', price_cents: 575 },
  { id: 4, name: '27-inch Screen WYZ', sku: 'SC27289', price_cents: 29_975 },
];
