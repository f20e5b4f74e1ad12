import { createTables, inDialect } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { STOCK_SEEDS } from './seeds';

/** The seed rows are the state before the first event: they record none. */
export class CreateStocks1764000001200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE stocks (
          product_id INTEGER PRIMARY KEY REFERENCES products (id) ON DELETE CASCADE,
          quantity INTEGER NOT NULL CHECK (quantity >= 0)
        ) STRICT`,
      ],
      mysql: {
        stocks: `
          product_id BIGINT NOT NULL PRIMARY KEY,
          quantity BIGINT NOT NULL CHECK (quantity >= 0),
          CONSTRAINT fk_stock_product FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE`,
      },
    });
    const insert = inDialect(runner, { sqlite: 'INSERT', mysql: 'INSERT IGNORE' });
    for (const { product_id, quantity } of STOCK_SEEDS) {
      await runner.query(`${insert} INTO stocks (product_id, quantity) VALUES (?, ?)`, [product_id, quantity]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stocks');
  }
}
