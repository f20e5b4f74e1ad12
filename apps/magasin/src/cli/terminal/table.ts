import { clip, oneLine, widthOf } from './text';

export interface TableColumn<T> {
  title: string;
  value: (row: T) => string | number | null;
  /** It gives way where the terminal is too narrow. */
  elastic?: boolean;
}

const GAP = '  ';
const NARROWEST = 12;

/**
 * Columns of text. It may get its rows in parts: the first part settles the widths. Nothing is cut off but for a
 * terminal, whose width it is given then.
 */
export class Table<T> {
  private widths?: number[];

  constructor(
    private readonly columns: TableColumn<T>[],
    private readonly terminal?: number,
  ) {}

  /** The lines of these rows; before the first ones the titles. */
  lines(rows: T[]): string[] {
    const cells = rows.map((row) => this.columns.map(({ value }) => textOf(value(row))));
    const titles = this.columns.map(({ title }) => title.toUpperCase());
    const first = this.widths === undefined;
    this.widths ??= this.fit([titles, ...cells]);
    return (first ? [titles, ...cells] : cells).map((row) => this.line(row, rows));
  }

  private fit(rows: string[][]): number[] {
    const widths = this.columns.map((_, index) => Math.max(...rows.map((row) => widthOf(row[index]))));
    if (this.terminal === undefined) return widths;
    let excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - this.terminal;
    for (const [index, { elastic }] of [...this.columns.entries()].toReversed()) {
      if (!elastic || excess <= 0) continue;
      const given = Math.min(excess, Math.max(0, widths[index] - NARROWEST));
      widths[index] -= given;
      excess -= given;
    }
    return widths;
  }

  private line(row: string[], rows: T[]): string {
    const cells = row.map((cell, index) => {
      const width = this.widths![index];
      const text = this.terminal !== undefined && this.columns[index].elastic ? clip(cell, width) : cell;
      const room = ' '.repeat(Math.max(0, width - widthOf(text)));
      const isNumber = rows.length > 0 && typeof this.columns[index].value(rows[0]) === 'number';
      return isNumber ? room + text : text + room;
    });
    return cells.join(GAP).trimEnd();
  }
}

const textOf = (value: string | number | null): string => (value === null ? '-' : oneLine(String(value)));
