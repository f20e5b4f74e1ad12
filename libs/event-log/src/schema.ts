import { randomUUID } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTables, inDialect } from './dialect';

/**
 * (stream, version) is the identity of an event.
 *
 * SQLite has one writer at a time, so ids are drawn in commit order, and AUTOINCREMENT gives none back: the id is the
 * position. On MariaDB and MySQL many write at once: ids are drawn in another order than they commit in, and burned by
 * rollbacks. There the relay numbers what is committed. Position 0 is not numbered yet; the key finds that without a
 * scan, however long the log is (measured: NULL in a UNIQUE key would read all that waits).
 */
export class CreateEventLog1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner, {
      sqlite: [
        `CREATE TABLE event_log (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          event_id BLOB NOT NULL,
          type TEXT NOT NULL,
          stream TEXT NOT NULL,
          version INTEGER NOT NULL,
          payload TEXT NOT NULL,
          metadata TEXT NOT NULL,
          occurred_at INTEGER NOT NULL
        ) STRICT`,
        'CREATE UNIQUE INDEX uq_event_stream ON event_log (stream, version)',
        // Apart from the log, so that a stream goes on counting when its history has been removed.
        'CREATE TABLE stream_head (stream TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID',
        `CREATE TABLE event_relay (name TEXT PRIMARY KEY, owner TEXT NOT NULL, token INTEGER NOT NULL,
          beat INTEGER NOT NULL, assigned INTEGER NOT NULL, marks TEXT NOT NULL) STRICT, WITHOUT ROWID`,
        // `tried` changes when somebody wants to know whether a write is kept: the same value again would touch no disk.
        `CREATE TABLE log_identity (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL,
          tried INTEGER NOT NULL DEFAULT 0) STRICT`,
      ],
      mysql: {
        event_log: `
          id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
          event_id BINARY(16) NOT NULL,
          type VARCHAR(100) NOT NULL,
          stream VARCHAR(100) NOT NULL,
          version INT UNSIGNED NOT NULL,
          payload MEDIUMTEXT NOT NULL,
          metadata MEDIUMTEXT NOT NULL,
          occurred_at BIGINT NOT NULL,
          position BIGINT UNSIGNED NOT NULL DEFAULT 0,
          UNIQUE KEY uq_event_stream (stream, version),
          KEY ix_event_position (position, id)`,
        stream_head: 'stream VARCHAR(100) NOT NULL PRIMARY KEY, version INT UNSIGNED NOT NULL',
        event_relay: `
          name VARCHAR(40) NOT NULL PRIMARY KEY,
          owner VARCHAR(100) NOT NULL,
          token BIGINT UNSIGNED NOT NULL,
          beat BIGINT UNSIGNED NOT NULL,
          assigned BIGINT UNSIGNED NOT NULL,
          marks MEDIUMTEXT NOT NULL`,
        log_identity: 'one TINYINT NOT NULL PRIMARY KEY, id CHAR(36) NOT NULL, tried TINYINT NOT NULL DEFAULT 0',
      },
    });
    const insert = inDialect(runner, { sqlite: 'INSERT', mysql: 'INSERT IGNORE' });
    await runner.query(`${insert} INTO event_relay VALUES ('relay', '', 0, 0, 0, '{}')`);
    await runner.query(`${insert} INTO log_identity (one, id) VALUES (1, ?)`, [randomUUID()]);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['log_identity', 'event_relay', 'stream_head', 'event_log'])
      await runner.query(`DROP TABLE ${table}`);
  }
}
