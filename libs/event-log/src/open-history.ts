import { existsSync } from 'node:fs';
import { History } from './history';
import { ReadDataSource } from './read-data-source';
import { sqliteFile, sqliteOptions } from './sqlite/options';

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
  const file = sqliteFile(url);
  if (!existsSync(file)) throw new Error(`There is no log in ${url} yet. Start the shop once: npm start.`);
  const reading = new ReadDataSource(sqliteOptions({ file, entities: [], readonly: true }));
  const close = async (): Promise<void> => {
    if (reading.isInitialized) await reading.destroy();
  };
  try {
    await reading.initialize();
    const [{ id }] = await reading.query<{ id: string }[]>('SELECT id FROM log_identity');
    return { history: new History(reading), identity: id, close };
  } catch (error) {
    await close();
    throw new Error(`The log in ${url} can not be read: ${(error as Error).message}`, { cause: error });
  }
}
