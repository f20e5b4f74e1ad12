import { createTables } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What hosting keeps in an app's database: the answers under their Idempotency-Keys. */
export class CreateKeyedAnswers1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE keyed_answer (
          route TEXT NOT NULL,
          idempotency_key TEXT NOT NULL,
          fingerprint TEXT NOT NULL,
          expires_at INTEGER NOT NULL,
          status INTEGER NOT NULL,
          headers TEXT NOT NULL,
          body TEXT NOT NULL,
          PRIMARY KEY (route, idempotency_key)
        ) STRICT, WITHOUT ROWID`,
        'CREATE INDEX ix_keyed_answer_expiry ON keyed_answer (expires_at)',
      ],
      mysql: {
        keyed_answer: `
          route VARCHAR(255) NOT NULL,
          idempotency_key VARCHAR(255) NOT NULL,
          fingerprint VARCHAR(64) NOT NULL,
          expires_at BIGINT NOT NULL,
          status INT NOT NULL,
          headers MEDIUMTEXT NOT NULL,
          body MEDIUMTEXT NOT NULL,
          PRIMARY KEY (route, idempotency_key),
          KEY ix_keyed_answer_expiry (expires_at)`,
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE keyed_answer');
  }
}
