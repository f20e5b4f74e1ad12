const Sqlite = require('better-sqlite3');

/** A few seconds' worth of other writers. */
const BUSY_MS = 5_000;

/**
 * Puts an event into the log of a running shop as nobody but a fault could: past `record()`, with any text. It wakes
 * nobody; the next event that the shop records does. Returns its position. For tests and drills.
 */
function poison(database, stream, payload, type = 'UserCreated') {
  const stranger = new Sqlite(database.replace('sqlite:', ''), { timeout: BUSY_MS, fileMustExist: true });
  try {
    return stranger
      .transaction(() => {
        const version = stranger
          .prepare(
            `INSERT INTO stream_head (stream, version) VALUES (?, 1)
             ON CONFLICT (stream) DO UPDATE SET version = version + 1 RETURNING version`,
          )
          .pluck()
          .get(stream);
        const { lastInsertRowid } = stranger
          .prepare(
            `INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
             VALUES (randomblob(16), ?, ?, ?, ?, '{"schema_version":1}', ?)`,
          )
          .run(type, stream, version, payload, Date.now());
        return Number(lastInsertRowid);
      })
      .immediate();
  } finally {
    stranger.close();
  }
}

module.exports = { poison };
