import { createTables } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePayments1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // AUTOINCREMENT: a link never leads to another's payment. UNIQUE: an order has one payment, whoever asks first.
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE payments (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          order_id INTEGER NOT NULL UNIQUE,
          user_id INTEGER,
          total_cents INTEGER NOT NULL CHECK (total_cents >= 0),
          state TEXT NOT NULL CHECK (state IN ('requested', 'paid', 'cancelled', 'refunded')),
          order_cents INTEGER,
          created_at INTEGER NOT NULL
        ) STRICT`,
      ],
      mysql: {
        payments: `
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
          order_id BIGINT NOT NULL UNIQUE,
          user_id BIGINT,
          total_cents BIGINT NOT NULL CHECK (total_cents >= 0),
          state VARCHAR(20) NOT NULL CHECK (state IN ('requested', 'paid', 'cancelled', 'refunded')),
          order_cents BIGINT,
          created_at BIGINT NOT NULL`,
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE payments');
  }
}
