import { join } from 'node:path';
import { openBackbone } from '@magasin/event-bus';
import Sqlite from 'better-sqlite3';
import { StoreManagerModule } from '../apps/store-manager/src';

/** A log of so many events of about a kilobyte, put there by SQL: one a second since 2026-01-01, ten a user. */
export async function fillLog(folder: string, count: number): Promise<string> {
  const file = join(folder, 'filled.sqlite');
  const { log } = await openBackbone({ url: `sqlite:${file}`, modules: [StoreManagerModule] });
  await log.close();
  const database = new Sqlite(file);
  database.exec(`
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
    INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at)
    SELECT randomblob(16), 'UserCreated', 'user-' || (i / 10), i % 10 + 1,
      '{"event":"UserCreated","n":' || i || ',"filler":"' || hex(zeroblob(450)) || '"}', '{"schema_version":1}',
      1767225600000 + i * 1000
    FROM n;
    INSERT INTO stream_head SELECT stream, max(version) FROM event_log GROUP BY stream`);
  database.close();
  return `sqlite:${file}`;
}
