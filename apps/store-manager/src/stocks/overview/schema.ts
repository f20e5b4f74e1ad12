import { createTables } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateStockOverview1764000001300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE stock_overview (
          instance TEXT NOT NULL,
          product_id INTEGER NOT NULL,
          name TEXT,
          sku TEXT,
          price_cents INTEGER,
          units INTEGER NOT NULL,
          counted INTEGER NOT NULL,
          PRIMARY KEY (instance, product_id)
        ) STRICT, WITHOUT ROWID`,
        'CREATE TABLE stock_overview_begun (instance TEXT PRIMARY KEY) STRICT, WITHOUT ROWID',
      ],
      mysql: {
        stock_overview: `
          instance VARCHAR(100) NOT NULL,
          product_id BIGINT NOT NULL,
          name TEXT,
          sku TEXT,
          price_cents BIGINT,
          units BIGINT NOT NULL,
          counted BOOLEAN NOT NULL,
          PRIMARY KEY (instance, product_id)`,
        stock_overview_begun: 'instance VARCHAR(100) NOT NULL PRIMARY KEY',
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE stock_overview_begun');
    await runner.query('DROP TABLE stock_overview');
  }
}
