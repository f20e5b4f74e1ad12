import Sqlite from 'better-sqlite3';
import type { DataSourceOptions } from 'typeorm';

export interface SqliteSettings {
  file: string;
  entities: DataSourceOptions['entities'];
  migrations?: DataSourceOptions['migrations'];
  readonly?: boolean;
  /** Called with every statement, just before it runs. */
  onStatement?: (sql: string) => void;
}

/** How all of this program's connections to SQLite are opened. */
export const sqliteOptions = ({ file, onStatement, ...rest }: SqliteSettings): DataSourceOptions => ({
  type: 'better-sqlite3',
  driver: Sqlite,
  database: file,
  logging: false,
  verbose: onStatement,
  ...rest,
});

/** @throws Error for a url that is not `sqlite:<file>`. */
export function sqliteFile(url: string): string {
  const [, file] = /^sqlite:(?:\/\/)?(.+)$/.exec(url) ?? [];
  if (!file)
    throw new Error(`DATABASE_URL is ${url}. Accepted: sqlite:<file>, for example sqlite:data/magasin.sqlite.`);
  return file;
}
