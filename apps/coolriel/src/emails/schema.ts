import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateEmails1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // NOCASE: Ada@ and ada@ are one mailbox, so they are one line too.
    await runner.query(`
      CREATE TABLE email (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source TEXT NOT NULL,
        event_id TEXT NOT NULL,
        template TEXT NOT NULL,
        copy INTEGER NOT NULL,
        resend_of INTEGER REFERENCES email (id),
        recipient TEXT NOT NULL COLLATE NOCASE,
        subject TEXT NOT NULL,
        html TEXT NOT NULL,
        text TEXT NOT NULL,
        file TEXT NOT NULL,
        message_id TEXT NOT NULL,
        correlation_id TEXT,
        state TEXT NOT NULL,
        attempt TEXT,
        failures INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        error TEXT,
        created_at INTEGER NOT NULL,
        sent_at INTEGER
      ) STRICT`);
    await runner.query('CREATE UNIQUE INDEX uq_email_event ON email (event_id, template, source, copy)');
    await runner.query('CREATE UNIQUE INDEX uq_email_resend ON email (resend_of)');
    await runner.query('CREATE INDEX ix_email_state ON email (state, id)');
    await runner.query('CREATE INDEX ix_email_line ON email (recipient, state, id)');
    await runner.query(`
      CREATE TABLE email_attempt (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        email_id INTEGER NOT NULL REFERENCES email (id),
        ended_at INTEGER NOT NULL,
        reached TEXT NOT NULL,
        outcome TEXT NOT NULL,
        error TEXT
      ) STRICT`);
    await runner.query('CREATE INDEX ix_email_attempt ON email_attempt (email_id, id)');
    await runner.query(`
      CREATE TABLE recipient_line (
        recipient TEXT PRIMARY KEY COLLATE NOCASE,
        due_at INTEGER NOT NULL,
        attempt TEXT
      ) STRICT, WITHOUT ROWID`);
    await runner.query('CREATE INDEX ix_recipient_line_due ON recipient_line (due_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['recipient_line', 'email_attempt', 'email']) await runner.query(`DROP TABLE ${table}`);
  }
}
