const { randomUUIDv7 } = require('node:crypto');
const { setTimeout: delay } = require('node:timers/promises');
const Sqlite = require('better-sqlite3');
const { createConnection } = require('mysql2/promise');

/** A few seconds' worth of other writers. */
const BUSY_MS = 5_000;
/** The relay of a running shop numbers what is committed within moments. */
const NUMBERED_MS = 20_000;

/**
 * Puts an event into the log of a running shop as nobody but a fault could: past `record()`, with any text. It wakes
 * nobody; the next event that the shop records does. Returns its position. For tests and drills.
 *
 * On MariaDB and MySQL the shop's relay gives it the position: without one it fails after 20 seconds, and the event stays.
 */
async function poison(database, stream, payload, type = 'UserCreated') {
  const event = { id: Buffer.from(randomUUIDv7().replaceAll('-', ''), 'hex'), type, stream, payload };
  return /^(mariadb|mysql):/.test(database) ? intoMysql(database, event) : intoSqlite(database, event);
}

function intoSqlite(database, { id, type, stream, payload }) {
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
             VALUES (?, ?, ?, ?, ?, '{"schema_version":1}', ?)`,
          )
          .run(id, type, stream, version, payload, Date.now());
        return Number(lastInsertRowid);
      })
      .immediate();
  } finally {
    stranger.close();
  }
}

/** As a unit of work would: the row of the stream is raised, and so locked, before the event draws its id. */
async function intoMysql(database, { id, type, stream, payload }) {
  const { hostname: host, port, username, password, pathname } = new URL(database);
  const stranger = await createConnection({
    host,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    charset: 'utf8mb4',
  });
  try {
    await stranger.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await stranger.beginTransaction();
    await stranger.query(
      `INSERT INTO stream_head (stream, version) VALUES (?, LAST_INSERT_ID(1))
       ON DUPLICATE KEY UPDATE version = LAST_INSERT_ID(version + 1)`,
      [stream],
    );
    const [{ insertId }] = await stranger.query(
      `INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
       VALUES (?, ?, ?, LAST_INSERT_ID(), ?, '{"schema_version":1}', ?)`,
      [id, type, stream, payload, Date.now()],
    );
    await stranger.commit();
    for (const until = Date.now() + NUMBERED_MS; Date.now() < until; await delay(20)) {
      const [[{ position }]] = await stranger.query('SELECT position FROM event_log WHERE id = ?', [insertId]);
      if (position > 0) return position;
    }
    throw new Error(`The event is in the log, and no shop runs that gives it its position: ${stream}.`);
  } finally {
    await stranger.end();
  }
}

module.exports = { poison };
