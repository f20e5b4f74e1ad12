import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a consumer's database holds beside its effects. */
export class CreateConsumers1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const lane = 'consumer TEXT NOT NULL, source TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL';
    await runner.query(`
      CREATE TABLE consumer_progress (${lane}, position INTEGER NOT NULL,
        PRIMARY KEY (consumer, source, topic, partition)) STRICT, WITHOUT ROWID`);
    await runner.query(`
      CREATE TABLE consumer_types (${lane}, from_position INTEGER NOT NULL, types TEXT NOT NULL,
        PRIMARY KEY (consumer, source, topic, partition, from_position)) STRICT, WITHOUT ROWID`);
    await runner.query(`
      CREATE TABLE consumer_trail (${lane}, to_position INTEGER NOT NULL, retried INTEGER NOT NULL,
        from_position INTEGER NOT NULL, started_at INTEGER NOT NULL, committed_at INTEGER NOT NULL,
        PRIMARY KEY (consumer, source, topic, partition, to_position, retried)) STRICT, WITHOUT ROWID`);
    await runner.query(`
      CREATE TABLE parked_stream (consumer TEXT NOT NULL, source TEXT NOT NULL, stream TEXT NOT NULL,
        parked_at INTEGER NOT NULL, failed_at INTEGER NOT NULL, waiting INTEGER NOT NULL, attempts INTEGER NOT NULL, next_attempt_at INTEGER,
        error TEXT NOT NULL, error_key TEXT NOT NULL,
        PRIMARY KEY (consumer, source, stream)) STRICT, WITHOUT ROWID`);
    await runner.query('CREATE INDEX ix_parked_stream_due ON parked_stream (consumer, next_attempt_at)');
    await runner.query('CREATE INDEX ix_parked_stream_error ON parked_stream (consumer, error_key, failed_at)');
    await runner.query(`
      CREATE TABLE parked_event (consumer TEXT NOT NULL, source TEXT NOT NULL, position INTEGER NOT NULL,
        stream TEXT NOT NULL, delivery TEXT NOT NULL, revision INTEGER NOT NULL,
        PRIMARY KEY (consumer, source, position)) STRICT, WITHOUT ROWID`);
    await runner.query('CREATE INDEX ix_parked_event_stream ON parked_event (consumer, source, stream, position)');
    await runner.query(`
      CREATE TABLE parked_attempt (consumer TEXT NOT NULL, source TEXT NOT NULL, position INTEGER NOT NULL,
        attempt INTEGER NOT NULL, failed_at INTEGER NOT NULL, error TEXT NOT NULL,
        PRIMARY KEY (consumer, source, position, attempt)) STRICT, WITHOUT ROWID`);
    await runner.query(`
      CREATE TABLE consumer_instance (instance TEXT PRIMARY KEY, consumer TEXT NOT NULL, purpose TEXT NOT NULL,
        state TEXT NOT NULL, from_position INTEGER NOT NULL, to_position INTEGER, types TEXT,
        created_at INTEGER NOT NULL, ended_at INTEGER) STRICT, WITHOUT ROWID`);
    await runner.query('CREATE INDEX ix_consumer_instance_state ON consumer_instance (state, consumer)');
    await runner.query(
      'CREATE TABLE consumer_active (consumer TEXT PRIMARY KEY, instance TEXT NOT NULL) STRICT, WITHOUT ROWID',
    );
    await runner.query(`
      CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL,
        why TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, source TEXT, position INTEGER, consumer TEXT,
        detail TEXT) STRICT`);
    await runner.query('CREATE INDEX ix_audit_event ON audit (source, position)');
    await runner.query('CREATE INDEX ix_audit_subject ON audit (subject, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    const parked = ['parked_attempt', 'parked_event', 'parked_stream'];
    const instances = ['consumer_active', 'consumer_instance'];
    const tables = ['audit', ...instances, ...parked, 'consumer_trail', 'consumer_types', 'consumer_progress'];
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
