import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { LogDatabase } from '../database';
import { openSqlite } from './open';

describe('a watched file of SQLite', () => {
  let folder: string;
  let database: LogDatabase;
  let seen: number;
  let unwatch: () => void;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'event-log-'));
    database = await openSqlite({ url: `sqlite:${folder}/log.sqlite`, entities: [], migrations: [] });
    seen = 0;
    unwatch = database.watch!(() => (seen += 1));
  });
  afterEach(async () => {
    unwatch();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** It is a hint, and one may be missed: where it begins, or twice within a tick of the file system's clock. */
  const commitsUntilSeen = async (): Promise<void> => {
    const stranger = new Sqlite(`${folder}/log.sqlite`);
    for (const before = seen; seen === before; await delay(20)) {
      stranger.exec('UPDATE log_identity SET tried = 1 - tried');
    }
    // Folds what was written into the file: the next COMMIT begins the one beside it anew.
    stranger.pragma('wal_checkpoint(TRUNCATE)');
    stranger.close();
  };

  it('calls back when a stranger commits, again and again', async () => {
    for (let round = 1; round <= 3; round += 1) await commitsUntilSeen();

    expect(seen).toBeGreaterThanOrEqual(3);
  });

  it('does not call back whoever has left', async () => {
    const left = jest.fn();
    database.watch!(left)();

    await commitsUntilSeen();

    expect(left).not.toHaveBeenCalled();
  });
});
