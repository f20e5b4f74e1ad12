import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateEmails1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE email (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source TEXT NOT NULL,
        event_id TEXT NOT NULL,
        template TEXT NOT NULL,
        recipient TEXT NOT NULL,
        subject TEXT NOT NULL,
        html TEXT NOT NULL,
        text TEXT NOT NULL,
        file TEXT NOT NULL,
        message_id TEXT NOT NULL,
        state TEXT NOT NULL,
        failures INTEGER NOT NULL,
        error TEXT,
        created_at INTEGER NOT NULL,
        sent_at INTEGER
      ) STRICT`);
    await runner.query('CREATE UNIQUE INDEX uq_email_event ON email (event_id, template, source)');
    await runner.query('CREATE INDEX ix_email_state ON email (state, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE email');
  }
}
