import { setTimeout as delay } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';

type Row = Record<string, unknown>;

/** What a table has that it had not before, and the other way round: a changed row is in both. */
export interface Change {
  added: Row[];
  removed: Row[];
}

/** How far consumers are and how they got there, which they change by themselves. */
const OWN_PACE = new Set(['consumer_progress', 'consumer_trail', 'recipient_line', 'email_attempt', 'parked_attempt']);
const LONG = new Set(['html', 'text']);
/** Bytes in the log, and text wherever it is named. */
const EVENT_ID = "CASE typeof(event_id) WHEN 'blob' THEN lower(hex(event_id)) ELSE event_id END AS event_id";

/** The columns of a parked stream that its retries change. */
const RETRIED = ['attempts', 'next_attempt_at', 'failed_at', 'error', 'error_key'];

const PATIENCE_MS = 30_000;

/**
 * Work of the shop that is not done yet, in all its apps. A consumer records events of its own in the unit that moves its
 * progress: when all of them are at the end of the log, nothing more comes of it by itself.
 */
const UNDONE = [
  `SELECT count(*) FROM consumer_progress WHERE position < (SELECT coalesce(max(id), 0) FROM event_log)
   AND consumer NOT IN (SELECT instance FROM consumer_instance WHERE state <> 'active')`,
  "SELECT count(*) FROM email WHERE state IN ('queued', 'connecting', 'sending')",
  "SELECT count(*) FROM consumer_instance WHERE state IN ('running', 'replaced')",
  "SELECT count(*) FROM parked_stream WHERE next_attempt_at <= unixepoch('subsec') * 1000",
];

/** All that a running shop keeps, read from its database beside it: whatever tables there are, also those to come. */
export class Ledger {
  private readonly file: Sqlite.Database;
  private readonly mark: Sqlite.Statement;
  private readonly undone: Sqlite.Statement[];
  private readonly queries = new Map<string, Sqlite.Statement<[], Row>>();
  private version = -1;
  private tables = new Map<string, Map<string, Row>>();

  constructor(database: string) {
    this.file = new Sqlite(database, { readonly: true });
    this.mark = this.file.prepare('PRAGMA data_version').pluck();
    this.undone = UNDONE.map((sql) => this.file.prepare(sql).pluck());
  }

  close(): void {
    this.file.close();
  }

  /** What has changed since it was asked last. Nothing, and at no cost, when nobody has committed anything. */
  async changes(): Promise<Map<string, Change>> {
    if (this.dataVersion() === this.version) return new Map();
    await this.settled();
    this.version = this.dataVersion();
    const before = this.tables;
    this.tables = this.read();
    const changes = new Map<string, Change>();
    for (const [name, rows] of this.tables) {
      const old = before.get(name) ?? new Map<string, Row>();
      const added = [...rows].filter(([text]) => !old.has(text)).map(([, row]) => row);
      const removed = [...old].filter(([text]) => !rows.has(text)).map(([, row]) => row);
      if (added.length + removed.length > 0) changes.set(name, { added, removed });
    }
    return changes;
  }

  rows(table: string): Row[] {
    return [...this.tables.get(table)!.values()];
  }

  /** Waits until consumers and the sender have nothing to do. @throws Error when they do not come to an end */
  private async settled(): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    // All of it as one moment had it.
    const look = this.file.transaction(() => this.undone.filter((query) => query.get() !== 0));
    let undone: Sqlite.Statement[];
    do {
      undone = look();
      if (undone.length === 0) return;
      await delay(2);
    } while (Date.now() < until);
    throw new Error(`The shop does not come to rest: ${undone.map(({ source }) => source).join('; ')}`);
  }

  /** SQLite's own mark, which is another one after each commit of another connection. */
  private dataVersion(): number {
    return this.mark.get() as number;
  }

  private read(): Map<string, Map<string, Row>> {
    const names = this.file
      .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
    const kept = names.filter((name) => !OWN_PACE.has(name));
    return this.file.transaction(() => new Map(kept.map((name) => [name, this.rowsOf(name)])))();
  }

  private rowsOf(table: string): Map<string, Row> {
    const rows = this.queryOf(table).all();
    if (table === 'parked_stream') for (const row of rows) for (const column of RETRIED) delete row[column];
    return new Map(rows.map((row) => [JSON.stringify(row), row]));
  }

  /** All is read after each change: of what is long its length, which is enough to see that it is another. */
  private queryOf(table: string): Sqlite.Statement<[], Row> {
    let query = this.queries.get(table);
    if (!query) {
      const columns = (this.file.pragma(`table_info("${table}")`) as { name: string }[]).map(({ name }) =>
        LONG.has(name) ? `length("${name}") AS "${name}"` : name === 'event_id' ? EVENT_ID : `"${name}"`,
      );
      query = this.file.prepare<[], Row>(`SELECT ${columns.join()} FROM "${table}"`);
      this.queries.set(table, query);
    }
    return query;
  }
}
