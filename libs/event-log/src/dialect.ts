import type { DataSource, EntityManager, FindOneOptions, QueryRunner } from 'typeorm';

/** The two families of SQL that the log speaks. MariaDB and MySQL are one: what only one of them knows is not used. */
export type Dialect = 'sqlite' | 'mysql';

export const dialectOf = (rows: EntityManager | QueryRunner | DataSource): Dialect => {
  const { type } = ('options' in rows ? rows : rows.connection).options;
  return type === 'better-sqlite3' ? 'sqlite' : 'mysql';
};

/** The statement in the words of this database. */
export const inDialect = <T>(rows: EntityManager | QueryRunner | DataSource, words: Record<Dialect, T>): T =>
  words[dialectOf(rows)];

/** The tables of a migration: whole statements for SQLite, for MySQL what stands between the brackets of each table. */
export interface TableWords {
  sqlite: string[];
  mysql: Record<string, string>;
}

/**
 * Makes the tables of a migration, in their order. In MySQL every DDL commits by itself: a table comes with its indexes
 * or not at all, and a migration that was killed half-way can be run again.
 */
export async function createTables(runner: QueryRunner, words: TableWords): Promise<void> {
  if (dialectOf(runner) === 'sqlite') {
    for (const statement of words.sqlite) await runner.query(statement);
    return;
  }
  const collation = await exactCollation(runner);
  for (const [table, columns] of Object.entries(words.mysql)) {
    await runner.query(
      `CREATE TABLE IF NOT EXISTS ${table} (${columns}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=${collation}`,
    );
  }
}

/**
 * Texts are equal when they are the same to the letter, as in SQLite. `utf8mb4_bin` would take `a` and `a ` for one; the
 * collation that does not has another name in each of the two servers.
 */
async function exactCollation(runner: QueryRunner): Promise<string> {
  const [{ name }] = (await runner.query(
    `SELECT collation_name AS name FROM information_schema.collations
     WHERE collation_name IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin')`,
  )) as { name: string }[];
  return name;
}

/** SQL for a text with its ASCII letters small, and no others: what SQLite's NOCASE compares. */
export const caseless = (column: string): string =>
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].reduce(
    (text, letter) => `REPLACE(${text}, '${letter}', '${letter.toLowerCase()}')`,
    column,
  );

/**
 * The end of an INSERT of a row that may be there: then it is changed instead, in one step.
 * @param key the columns of its key
 * @param change the SET, given how the columns of the new row are written:
 *   `(added) => 'units = units + ' + added('units')`
 */
export const orUpdate = (
  rows: EntityManager,
  key: string,
  change: (added: (column: string) => string) => string,
): string =>
  inDialect(rows, {
    sqlite: `ON CONFLICT (${key}) DO UPDATE SET ${change((column) => `excluded.${column}`)}`,
    mysql: `ON DUPLICATE KEY UPDATE ${change((column) => `VALUES(${column})`)}`,
  });

/** Runs an INSERT of one row. @returns the id that it drew */
export async function insertOne(rows: EntityManager, sql: string, parameters: unknown[]): Promise<number> {
  const answer = await rows.query<number | { insertId: number }>(sql, parameters);
  return typeof answer === 'number' ? answer : answer.insertId;
}

/**
 * For a find in a unit that decides by what it reads: the rows stay as they are found until the unit ends, also against
 * units that run at the same time. SQLite runs one at a time.
 */
export const forUpdate = (rows: EntityManager): Pick<FindOneOptions, 'lock'> =>
  inDialect(rows, { sqlite: {}, mysql: { lock: { mode: 'pessimistic_write' } } });

/** The end of a plain SELECT whose rows may not be changed by others before the unit ends; others may do the same. */
export const inShare = (rows: EntityManager): string => inDialect(rows, { sqlite: '', mysql: 'LOCK IN SHARE MODE' });
