import { existsSync } from 'node:fs';
import { History } from './history';
import type { ReadDataSource } from './read-data-source';
import { openMysqlReading } from './mysql/open';
import { isMysqlUrl, withoutPassword } from './mysql/options';
import { openSqliteReading } from './sqlite/reading';
import { sqliteFile } from './sqlite/options';

export interface OpenHistory {
  history: History;
  /** The log's UUID: what its events name as their source. */
  identity: string;
  close: () => Promise<void>;
}

/**
 * Opens a log for reading alone, also while a shop writes it.
 * @throws Error in words for people when there is none.
 */
export async function openHistory(url: string): Promise<OpenHistory> {
  let reading: ReadDataSource | undefined;
  const close = async (): Promise<void> => {
    if (reading?.isInitialized) await reading.destroy();
  };
  try {
    reading = await openReading(url);
    const [{ id }] = await reading.query<{ id: string }[]>('SELECT id FROM log_identity');
    return { history: new History(reading), identity: id, close };
  } catch (error) {
    await close();
    if (error instanceof NoLog) throw error;
    throw new Error(`The log in ${withoutPassword(url)} can not be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

class NoLog extends Error {}

async function openReading(url: string): Promise<ReadDataSource> {
  if (isMysqlUrl(url)) return openMysqlReading({ url, entities: [] });
  const file = sqliteFile(url);
  if (!existsSync(file)) throw new NoLog(`There is no log in ${url} yet. Start the shop once: npm start.`);
  return openSqliteReading({ file, entities: [] });
}
