import { randomUUID } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * SQLite has one writer at a time, so ids are drawn in commit order, and AUTOINCREMENT gives none back: the id is the
 * position. (stream, version) is the identity of an event.
 */
export class CreateEventLog1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id BLOB NOT NULL,
        type TEXT NOT NULL,
        stream TEXT NOT NULL,
        version INTEGER NOT NULL,
        payload TEXT NOT NULL,
        metadata TEXT NOT NULL,
        occurred_at INTEGER NOT NULL
      ) STRICT`);
    await runner.query('CREATE UNIQUE INDEX uq_event_stream ON event_log (stream, version)');
    // Apart from the log, so that a stream goes on counting when its history has been removed.
    await runner.query(
      'CREATE TABLE stream_head (stream TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID',
    );
    await runner.query('CREATE TABLE log_identity (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID');
    await runner.query('INSERT INTO log_identity (id) VALUES (?)', [randomUUID()]);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['log_identity', 'stream_head', 'event_log']) await runner.query(`DROP TABLE ${table}`);
  }
}
