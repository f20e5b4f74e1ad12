import { join } from 'node:path';
import { openBackbone } from '@magasin/event-bus';
import Sqlite from 'better-sqlite3';
import { StoreManagerModule } from '../apps/store-manager/src';

/** A log of so many events of about a kilobyte, put there by SQL: one a second since 2026-01-01, ten a user. */
export const fillLog = (folder: string, count: number): Promise<string> =>
  filled(
    folder,
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
    INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
    SELECT randomblob(16), 'UserCreated', 'user-' || (i / 10), i % 10 + 1,
      '{"event":"UserCreated","n":' || i || ',"filler":"' || hex(zeroblob(450)) || '"}', '{"schema_version":1}',
      1767225600000 + i * 1000
    FROM n`,
  );

/** A log of so many orders: of the products 1 to `products` by turns, each time as many units as its id says. */
export const fillOrders = (folder: string, count: number, products: number): Promise<string> =>
  filled(
    folder,
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1}),
      orders (i, product) AS (SELECT i, i % ${products} + 1 FROM n)
    INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
    SELECT randomblob(16), 'OrderCreated', 'order-' || (1000000 + i), 1,
      printf('{"event":"OrderCreated","id":%d,"user_id":1,"user_name":"Ada Lovelace","user_email":"ada@example.com",' ||
        '"total_amount":"%d.00","items":[{"product_id":%d,"name":"Laptop ABC","quantity":%d,"unit_price":"1.00"}],' ||
        '"datetime":"2026-01-01 00:00:00.000000"}', 1000000 + i, product, product, product),
      '{"schema_version":1}', 1767225600000 + i
    FROM orders`,
  );

async function filled(folder: string, events: string): Promise<string> {
  const file = join(folder, 'filled.sqlite');
  const { log } = await openBackbone({ url: `sqlite:${file}`, modules: [StoreManagerModule] });
  await log.close();
  const database = new Sqlite(file);
  database.exec(events);
  database.exec('INSERT INTO stream_head SELECT stream, max(version) FROM event_log GROUP BY stream');
  database.close();
  return `sqlite:${file}`;
}
