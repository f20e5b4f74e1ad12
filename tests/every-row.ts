import Sqlite from 'better-sqlite3';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** What a database holds, read by a stranger: for each table its rows as text, in some order that is always the same. */
export type EveryRow = Record<string, string[]>;

/** Only one of the two families of SQL has it, or makes it by itself. */
const OF_ONE_FAMILY = new Set(['position', 'reader', 'email_caseless', 'sku_caseless']);

const textOf = (row: object): string =>
  JSON.stringify(
    Object.entries(row)
      .filter(([column]) => !OF_ONE_FAMILY.has(column))
      .map(([column, value]) => [column, Buffer.isBuffer(value) ? value.toString('hex') : (value as unknown)])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );

export const everyRow = (url: string): Promise<EveryRow> | EveryRow =>
  url.startsWith('sqlite:') ? ofSqlite(url) : ofMysql(url);

function ofSqlite(url: string): EveryRow {
  const stranger = new Sqlite(url.replace('sqlite:', ''), { readonly: true });
  const tables = stranger
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
    .pluck()
    .all();
  const found = tables
    .filter((table) => table !== 'migrations')
    .map((table) => [table, (stranger.prepare(`SELECT * FROM ${table}`).all() as object[]).map(textOf).toSorted()]);
  stranger.close();
  return Object.fromEntries(found) as EveryRow;
}

async function ofMysql(url: string): Promise<EveryRow> {
  const { hostname: host, port, username: user, password, pathname } = new URL(url);
  const database = pathname.slice(1);
  const stranger = await createConnection({ host, port: Number(port || 3306), user, password, database });
  const [tables] = await stranger.query<RowDataPacket[][]>({ sql: 'SHOW TABLES', rowsAsArray: true });
  const found: EveryRow = {};
  for (const [table] of tables as unknown as string[][]) {
    if (table === 'migrations') continue;
    const [rows] = await stranger.query<RowDataPacket[]>(`SELECT * FROM ${table}`);
    found[table] = rows.map(textOf).toSorted();
  }
  await stranger.end();
  return found;
}
