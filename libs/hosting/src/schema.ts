import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What hosting keeps in an app's database: the answers under their Idempotency-Keys. */
export class CreateKeyedAnswers1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE keyed_answer (
        route TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        status INTEGER NOT NULL,
        headers TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (route, idempotency_key)
      ) STRICT, WITHOUT ROWID`);
    await runner.query('CREATE INDEX ix_keyed_answer_expiry ON keyed_answer (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE keyed_answer');
  }
}
