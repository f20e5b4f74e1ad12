import { createTables } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The indexes are in the order of the reports: the first ten of a million cost what the first ten of a hundred do. */
export class CreateReports1764000001500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE best_sellers (
          instance TEXT NOT NULL,
          product_id INTEGER NOT NULL,
          quantity_sold INTEGER NOT NULL,
          PRIMARY KEY (instance, product_id)
        ) STRICT, WITHOUT ROWID`,
        'CREATE INDEX ix_best_sellers_top ON best_sellers (instance, quantity_sold DESC, product_id)',
        `CREATE TABLE highest_spenders (
          instance TEXT NOT NULL,
          user_id INTEGER NOT NULL,
          expense_cents INTEGER NOT NULL,
          deleted INTEGER NOT NULL,
          PRIMARY KEY (instance, user_id)
        ) STRICT, WITHOUT ROWID`,
        'CREATE INDEX ix_highest_spenders_top ON highest_spenders (instance, deleted, expense_cents DESC, user_id)',
      ],
      // MariaDB knows DESC in an index since 10.8; before that it sorts what has the same instance.
      mysql: {
        best_sellers: `
          instance VARCHAR(100) NOT NULL,
          product_id BIGINT NOT NULL,
          quantity_sold BIGINT NOT NULL,
          PRIMARY KEY (instance, product_id),
          KEY ix_best_sellers_top (instance, quantity_sold DESC, product_id)`,
        highest_spenders: `
          instance VARCHAR(100) NOT NULL,
          user_id BIGINT NOT NULL,
          expense_cents BIGINT NOT NULL,
          deleted BOOLEAN NOT NULL,
          PRIMARY KEY (instance, user_id),
          KEY ix_highest_spenders_top (instance, deleted, expense_cents DESC, user_id)`,
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE highest_spenders');
    await runner.query('DROP TABLE best_sellers');
  }
}
