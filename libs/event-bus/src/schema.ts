import { createTables } from '@magasin/event-log';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a consumer's database holds beside its effects. */
export class CreateConsumers1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const lane = 'consumer TEXT NOT NULL, source TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL';
    // A consumer has 64 characters and the suffix of an instance, a topic 249; the source of a foreign event names one.
    const consumer = 'consumer VARCHAR(100) NOT NULL';
    const source = 'source VARCHAR(300) NOT NULL';
    const stream = 'stream VARCHAR(255) NOT NULL';
    const mysqlLane = `${consumer}, ${source}, topic VARCHAR(249) NOT NULL, \`partition\` INT NOT NULL`;
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE consumer_progress (${lane}, position INTEGER NOT NULL,
          PRIMARY KEY (consumer, source, topic, partition)) STRICT, WITHOUT ROWID`,
        `CREATE TABLE consumer_types (${lane}, from_position INTEGER NOT NULL, types TEXT NOT NULL,
          PRIMARY KEY (consumer, source, topic, partition, from_position)) STRICT, WITHOUT ROWID`,
        `CREATE TABLE consumer_trail (${lane}, to_position INTEGER NOT NULL, retried INTEGER NOT NULL,
          from_position INTEGER NOT NULL, started_at INTEGER NOT NULL, committed_at INTEGER NOT NULL,
          PRIMARY KEY (consumer, source, topic, partition, to_position, retried)) STRICT, WITHOUT ROWID`,
        `CREATE TABLE parked_stream (consumer TEXT NOT NULL, source TEXT NOT NULL, stream TEXT NOT NULL,
          parked_at INTEGER NOT NULL, failed_at INTEGER NOT NULL, waiting INTEGER NOT NULL, attempts INTEGER NOT NULL,
          next_attempt_at INTEGER, error TEXT NOT NULL, error_key TEXT NOT NULL,
          PRIMARY KEY (consumer, source, stream)) STRICT, WITHOUT ROWID`,
        'CREATE INDEX ix_parked_stream_due ON parked_stream (consumer, next_attempt_at)',
        'CREATE INDEX ix_parked_stream_error ON parked_stream (consumer, error_key, failed_at)',
        `CREATE TABLE parked_event (consumer TEXT NOT NULL, source TEXT NOT NULL, position INTEGER NOT NULL,
          stream TEXT NOT NULL, delivery TEXT NOT NULL, revision INTEGER NOT NULL,
          PRIMARY KEY (consumer, source, position)) STRICT, WITHOUT ROWID`,
        'CREATE INDEX ix_parked_event_stream ON parked_event (consumer, source, stream, position)',
        `CREATE TABLE parked_attempt (consumer TEXT NOT NULL, source TEXT NOT NULL, position INTEGER NOT NULL,
          attempt INTEGER NOT NULL, failed_at INTEGER NOT NULL, error TEXT NOT NULL,
          PRIMARY KEY (consumer, source, position, attempt)) STRICT, WITHOUT ROWID`,
        `CREATE TABLE consumer_instance (instance TEXT PRIMARY KEY, consumer TEXT NOT NULL, purpose TEXT NOT NULL,
          state TEXT NOT NULL, from_position INTEGER NOT NULL, to_position INTEGER, types TEXT,
          created_at INTEGER NOT NULL, ended_at INTEGER) STRICT, WITHOUT ROWID`,
        'CREATE INDEX ix_consumer_instance_state ON consumer_instance (state, consumer)',
        'CREATE TABLE consumer_active (consumer TEXT PRIMARY KEY, instance TEXT NOT NULL) STRICT, WITHOUT ROWID',
        `CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL,
          why TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, source TEXT, position INTEGER, consumer TEXT,
          detail TEXT) STRICT`,
        'CREATE INDEX ix_audit_event ON audit (source, position)',
        'CREATE INDEX ix_audit_subject ON audit (subject, id)',
      ],
      mysql: {
        consumer_progress: `${mysqlLane}, position BIGINT NOT NULL,
          PRIMARY KEY (consumer, source, topic, \`partition\`)`,
        consumer_types: `${mysqlLane}, from_position BIGINT NOT NULL, types MEDIUMTEXT NOT NULL,
          PRIMARY KEY (consumer, source, topic, \`partition\`, from_position)`,
        consumer_trail: `${mysqlLane}, to_position BIGINT NOT NULL, retried BOOLEAN NOT NULL,
          from_position BIGINT NOT NULL, started_at BIGINT NOT NULL, committed_at BIGINT NOT NULL,
          PRIMARY KEY (consumer, source, topic, \`partition\`, to_position, retried)`,
        parked_stream: `${consumer}, ${source}, ${stream},
          parked_at BIGINT NOT NULL, failed_at BIGINT NOT NULL, waiting BIGINT NOT NULL, attempts INT NOT NULL,
          next_attempt_at BIGINT, error TEXT NOT NULL, error_key VARCHAR(16) NOT NULL,
          PRIMARY KEY (consumer, source, stream),
          KEY ix_parked_stream_due (consumer, next_attempt_at),
          KEY ix_parked_stream_error (consumer, error_key, failed_at)`,
        // A delivery is an event as JSON text inside JSON: every quotation mark of it takes two characters more.
        parked_event: `${consumer}, ${source}, position BIGINT NOT NULL,
          ${stream}, delivery MEDIUMTEXT NOT NULL, revision INT NOT NULL,
          PRIMARY KEY (consumer, source, position),
          KEY ix_parked_event_stream (consumer, source, stream, position)`,
        parked_attempt: `${consumer}, ${source}, position BIGINT NOT NULL,
          attempt INT NOT NULL, failed_at BIGINT NOT NULL, error TEXT NOT NULL,
          PRIMARY KEY (consumer, source, position, attempt)`,
        consumer_instance: `instance VARCHAR(100) NOT NULL PRIMARY KEY, ${consumer}, purpose VARCHAR(20) NOT NULL,
          state VARCHAR(20) NOT NULL, from_position BIGINT NOT NULL, to_position BIGINT, types MEDIUMTEXT,
          created_at BIGINT NOT NULL, ended_at BIGINT,
          KEY ix_consumer_instance_state (state, consumer)`,
        consumer_active: `${consumer} PRIMARY KEY, instance VARCHAR(100) NOT NULL`,
        audit: `id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, at BIGINT NOT NULL, who VARCHAR(100) NOT NULL,
          why VARCHAR(500) NOT NULL, action VARCHAR(100) NOT NULL, subject VARCHAR(500) NOT NULL, source VARCHAR(300),
          position BIGINT, consumer VARCHAR(100), detail MEDIUMTEXT,
          KEY ix_audit_event (source, position),
          KEY ix_audit_subject (subject, id)`,
      },
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    const parked = ['parked_attempt', 'parked_event', 'parked_stream'];
    const instances = ['consumer_active', 'consumer_instance'];
    const tables = ['audit', ...instances, ...parked, 'consumer_trail', 'consumer_types', 'consumer_progress'];
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
