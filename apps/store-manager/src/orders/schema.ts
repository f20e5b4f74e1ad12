import { createTables } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOrders1764000001400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // AUTOINCREMENT: the id of an order that is gone is never another's, its story in the log neither.
    // The index by product is for whoever deletes one.
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE orders (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
          user_name TEXT NOT NULL,
          user_email TEXT NOT NULL,
          total_cents INTEGER NOT NULL,
          payment_id INTEGER,
          payment_link TEXT,
          is_paid INTEGER NOT NULL,
          created_at INTEGER NOT NULL
        ) STRICT`,
        'CREATE INDEX orders_by_user ON orders (user_id)',
        `CREATE TABLE order_items (
          order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
          product_id INTEGER NOT NULL REFERENCES products (id),
          name TEXT NOT NULL,
          quantity INTEGER NOT NULL CHECK (quantity > 0),
          unit_price_cents INTEGER NOT NULL,
          PRIMARY KEY (order_id, product_id)
        ) STRICT, WITHOUT ROWID`,
        'CREATE INDEX order_items_by_product ON order_items (product_id)',
      ],
      mysql: {
        orders: `
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
          user_id BIGINT,
          user_name VARCHAR(100) NOT NULL,
          user_email VARCHAR(150) NOT NULL,
          total_cents BIGINT NOT NULL,
          payment_id BIGINT,
          payment_link MEDIUMTEXT,
          is_paid BOOLEAN NOT NULL,
          created_at BIGINT NOT NULL,
          KEY orders_by_user (user_id),
          CONSTRAINT fk_order_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL`,
        order_items: `
          order_id BIGINT NOT NULL,
          product_id BIGINT NOT NULL,
          name VARCHAR(150) NOT NULL,
          quantity BIGINT NOT NULL CHECK (quantity > 0),
          unit_price_cents BIGINT NOT NULL,
          PRIMARY KEY (order_id, product_id),
          KEY order_items_by_product (product_id),
          CONSTRAINT fk_item_order FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
          CONSTRAINT fk_item_product FOREIGN KEY (product_id) REFERENCES products (id)`,
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_items');
    await runner.query('DROP TABLE orders');
  }
}
