import { caseless, createTables } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateEmails1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // NOCASE: Ada@ and ada@ are one mailbox, so they are one line too.
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE email (
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
        ) STRICT`,
        'CREATE UNIQUE INDEX uq_email_event ON email (event_id, template, source, copy)',
        'CREATE UNIQUE INDEX uq_email_resend ON email (resend_of)',
        'CREATE INDEX ix_email_state ON email (state, id)',
        'CREATE INDEX ix_email_line ON email (recipient, state, id)',
        `CREATE TABLE email_attempt (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          email_id INTEGER NOT NULL REFERENCES email (id),
          ended_at INTEGER NOT NULL,
          reached TEXT NOT NULL,
          outcome TEXT NOT NULL,
          error TEXT
        ) STRICT`,
        'CREATE INDEX ix_email_attempt ON email_attempt (email_id, id)',
        `CREATE TABLE recipient_line (
          recipient TEXT PRIMARY KEY COLLATE NOCASE,
          due_at INTEGER NOT NULL,
          attempt TEXT
        ) STRICT, WITHOUT ROWID`,
        'CREATE INDEX ix_recipient_line_due ON recipient_line (due_at)',
      ],
      mysql: {
        email: `
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
          source VARCHAR(300) NOT NULL,
          event_id VARCHAR(300) NOT NULL,
          template VARCHAR(100) NOT NULL,
          copy INT NOT NULL,
          resend_of BIGINT,
          recipient VARCHAR(320) NOT NULL,
          reader VARCHAR(320) GENERATED ALWAYS AS (${caseless('recipient')}) STORED,
          subject TEXT NOT NULL,
          html MEDIUMTEXT NOT NULL,
          text MEDIUMTEXT NOT NULL,
          file VARCHAR(255) NOT NULL,
          message_id VARCHAR(500) NOT NULL,
          correlation_id TEXT,
          state VARCHAR(20) NOT NULL,
          attempt CHAR(36),
          failures INT NOT NULL,
          tries INT NOT NULL,
          error TEXT,
          created_at BIGINT NOT NULL,
          sent_at BIGINT,
          UNIQUE KEY uq_email_event (event_id, template, source, copy),
          UNIQUE KEY uq_email_resend (resend_of),
          KEY ix_email_state (state, id),
          KEY ix_email_line (reader, state, id),
          CONSTRAINT fk_email_resend FOREIGN KEY (resend_of) REFERENCES email (id)`,
        email_attempt: `
          id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
          email_id BIGINT NOT NULL,
          ended_at BIGINT NOT NULL,
          reached VARCHAR(20) NOT NULL,
          outcome VARCHAR(20) NOT NULL,
          error TEXT,
          KEY ix_email_attempt (email_id, id),
          CONSTRAINT fk_attempt_email FOREIGN KEY (email_id) REFERENCES email (id)`,
        recipient_line: `
          recipient VARCHAR(320) NOT NULL PRIMARY KEY,
          due_at BIGINT NOT NULL,
          attempt CHAR(36),
          KEY ix_recipient_line_due (due_at)`,
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['recipient_line', 'email_attempt', 'email']) await runner.query(`DROP TABLE ${table}`);
  }
}

/** SQLite gets the column that the table of MySQL has had from the start: there no comparison takes Ada@ for ada@. */
export class AddReaders1764000002100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, {
      sqlite: [
        'ALTER TABLE email ADD COLUMN reader TEXT GENERATED ALWAYS AS (lower(recipient)) VIRTUAL',
        'DROP INDEX ix_email_line',
        'CREATE INDEX ix_email_line ON email (reader, state, id)',
      ],
      mysql: {},
    });
  }

  async down(): Promise<void> {}
}
