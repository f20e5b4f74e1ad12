import { caseless, createTables, inDialect } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { PRODUCT_SEEDS } from './seeds';

/** The seed rows are the state before the first event: they record none. */
export class CreateProducts1764000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // AUTOINCREMENT: the id of a deleted product is never another's. NOCASE: LP1 and lp1 are one article.
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE products (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL,
          sku TEXT NOT NULL COLLATE NOCASE UNIQUE,
          price_cents INTEGER NOT NULL
        ) STRICT`,
      ],
      mysql: {
        products: `
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
          name VARCHAR(150) NOT NULL,
          sku VARCHAR(64) NOT NULL,
          sku_caseless VARCHAR(64) GENERATED ALWAYS AS (${caseless('sku')}) STORED UNIQUE,
          price_cents BIGINT NOT NULL`,
      },
    });
    const insert = inDialect(runner, { sqlite: 'INSERT', mysql: 'INSERT IGNORE' });
    for (const { id, name, sku, price_cents } of PRODUCT_SEEDS) {
      await runner.query(`${insert} INTO products (id, name, sku, price_cents) VALUES (?, ?, ?, ?)`, [
        id,
        name,
        sku,
        price_cents,
      ]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE products');
  }
}
