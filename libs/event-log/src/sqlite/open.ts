import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseOptions, LogDatabase } from '../database';
import { SqliteConnection } from './connection';
import { SqliteGate } from './gate';
import { sqliteFile, sqliteOptions } from './options';
import { openSqliteReading } from './reading';
import { CreateEventLog1764000000000 } from '../schema';

/** Opens a database in a file: makes it, and its folder, when they are missing, and brings its tables up to date. */
export async function openSqlite({ url, entities, migrations, onStatement }: DatabaseOptions): Promise<LogDatabase> {
  const file = sqliteFile(url);
  const settings = { file, entities, onStatement };
  await migrateSqlite(file, migrations);
  const reading = await openSqliteReading(settings);
  let gate: SqliteGate | undefined;
  return {
    reading,
    units: (unit) => (gate = new SqliteGate({ ...unit, open: () => SqliteConnection.open(settings) })),
    atOnce: (statements) =>
      gate!.transaction(async ({ rows }) => {
        const matched: number[] = [];
        for (const sql of statements) {
          const { affected } = await rows.queryRunner!.query(sql, [], true);
          matched.push(affected ?? 0);
        }
        return matched;
      }, 'consumer'),
    close: async () => {
      if (reading.isInitialized) await reading.destroy();
    },
  };
}

/** Makes the file, and its folder, when they are missing, and brings its tables up to date. */
export async function migrateSqlite(file: string, migrations: Function[]): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const all = [CreateEventLog1764000000000, ...migrations] as never[];
  const dataSource = await new DataSource({
    ...sqliteOptions({ file, entities: [], migrations: all }),
    enableWAL: true,
  } as DataSourceOptions).initialize();
  try {
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await dataSource.destroy();
  }
}
