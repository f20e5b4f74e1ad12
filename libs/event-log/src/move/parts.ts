import type { Side, TableShape } from './side';

/** Rows of a table that are copied in one go: what is read, and the columns of the target that it goes to. */
export interface Part {
  columns: string[];
  sql: string;
}

/**
 * How a table is copied. Only the log itself is written differently in the two families of SQL.
 * @param head the last position of the log
 */
export function partsOf(from: Side, to: Side, { name, key }: TableShape, columns: string[], head: number): Part[] {
  const read = (expressions: Record<string, string> = {}, more = '', order = key): Part => ({
    columns,
    sql: `SELECT ${columns.map((column) => expressions[column] ?? quoted(from, column)).join()} FROM ${name} ${more}
      ORDER BY ${order.map((column) => quoted(from, column)).join()}`,
  });
  // Nobody leads a shop that does not run.
  if (name === 'event_relay') return [read({ owner: "''", assigned: String(head) })];
  if (name !== 'event_log' || from.dialect === to.dialect) return [read()];
  if (from.dialect === 'sqlite') return [read({ position: 'id' })];
  // There the id is the position. What was not numbered yet comes last, in the order in which it would have been.
  return [
    read({ id: 'position' }, 'WHERE position > 0', ['position']),
    read({ id: `${head} - count(*) OVER () + row_number() OVER (ORDER BY id)` }, 'WHERE position = 0', ['id']),
  ];
}

export const quoted = ({ dialect }: Side, name: string): string => (dialect === 'sqlite' ? `"${name}"` : `\`${name}\``);

/** Those that others name come first; the identity comes last of all: without it no shop opens the database. */
export function inOrder(shapes: TableShape[]): TableShape[] {
  const byName = new Map(shapes.map((shape) => [shape.name, shape]));
  const ordered = new Set<TableShape>();
  const visit = (shape: TableShape): void => {
    for (const other of shape.references) if (other !== shape.name) visit(byName.get(other)!);
    ordered.add(shape);
  };
  for (const shape of shapes) if (shape.name !== IDENTITY) visit(shape);
  const identity = byName.get(IDENTITY);
  return identity ? [...ordered, identity] : [...ordered];
}

export const IDENTITY = 'log_identity';
