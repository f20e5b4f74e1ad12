import { existsSync } from 'node:fs';
import { History } from './history';
import { ReadDataSource } from './read-data-source';
import { sqliteFile, sqliteOptions } from './sqlite/options';

/**
 * Opens a log for reading alone, also while a shop writes it.
 * @throws Error in words for people when there is none.
 */
export async function openHistory(url: string): Promise<{ history: History; close: () => Promise<void> }> {
  const file = sqliteFile(url);
  if (!existsSync(file)) throw new Error(`There is no log in ${url} yet. Start the shop once: npm start.`);
  const reading = await new ReadDataSource(sqliteOptions({ file, entities: [], readonly: true })).initialize();
  return { history: new History(reading), close: () => reading.destroy() };
}
