import { type Dialect, dialectOf } from '@magasin/event-log';
import type { DataSource } from 'typeorm';
import { toPrice } from '../../products';
import type { OrderView } from '../order';

/** An order with its lines, in one row: it is read in one statement, as one moment had it. */
export interface OrderRow {
  id: number;
  user_id: number | null;
  total_cents: number;
  payment_link: string | null;
  is_paid: 0 | 1;
  created_at: number;
  /** JSON: `[[product_id, quantity, unit_price_cents], …]`, in no order. */
  items: string;
}

// As text: the driver of MySQL would read its JSON, that of MariaDB would not.
const ITEMS: Record<Dialect, string> = {
  sqlite: 'json_group_array(json_array(product_id, quantity, unit_price_cents))',
  mysql: 'CAST(JSON_ARRAYAGG(JSON_ARRAY(product_id, quantity, unit_price_cents)) AS CHAR)',
};

export const selectOrders = (reading: DataSource): string => `
  SELECT id, user_id, total_cents, payment_link, is_paid, created_at,
    (SELECT ${ITEMS[dialectOf(reading)]} FROM order_items WHERE order_id = orders.id) AS items
  FROM orders`;

export const viewOf = ({
  id,
  user_id,
  total_cents,
  items,
  payment_link,
  is_paid,
  created_at,
}: OrderRow): OrderView => ({
  id,
  user_id,
  total_amount: toPrice(total_cents),
  items: (JSON.parse(items) as [number, number, number][])
    .map(([product_id, quantity, unit_price_cents]) => ({
      product_id,
      quantity,
      unit_price: toPrice(unit_price_cents),
    }))
    .sort((a, b) => a.product_id - b.product_id),
  payment_link,
  is_paid: is_paid === 1,
  created: new Date(created_at).toISOString(),
});
