import { clip, oneLine, widthOf } from './text';

export interface TableColumn<T> {
  title: string;
  value: (row: T) => string | number | null;
  /** It gives way where the terminal is too narrow. */
  elastic?: boolean;
}

interface Measure {
  width: number;
  /** Numbers stand at the right. */
  numeric: boolean;
}

const GAP = '  ';
const NARROWEST = 12;

/**
 * Columns of text. It may get its rows in parts: the first part settles the widths. Nothing is cut off but for a
 * terminal, whose width it is given then.
 */
export class Table<T> {
  private measures?: Measure[];

  constructor(
    private readonly columns: TableColumn<T>[],
    private readonly terminal?: number,
  ) {}

  /** The lines of these rows; before the first ones the titles. */
  lines(rows: T[]): string[] {
    const cells = rows.map((row) => this.columns.map(({ value }) => textOf(value(row))));
    const first = this.measures === undefined;
    if (first) cells.unshift(this.columns.map(({ title }) => title.toUpperCase()));
    this.measures ??= this.measure(rows, cells);
    return cells.map((row) => this.line(row));
  }

  private measure(rows: T[], cells: string[][]): Measure[] {
    const measures = this.columns.map(({ value }, index) => ({
      width: Math.max(...cells.map((row) => widthOf(row[index]))),
      numeric: rows.some((row) => typeof value(row) === 'number'),
    }));
    const whole = measures.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
    let excess = whole - (this.terminal ?? whole);
    // The last ones give way first: what tells rows apart stands at the left.
    for (const [index, { elastic }] of [...this.columns.entries()].toReversed()) {
      const given = elastic ? Math.max(0, Math.min(excess, measures[index].width - NARROWEST)) : 0;
      measures[index].width -= given;
      excess -= given;
    }
    return measures;
  }

  private line(row: string[]): string {
    const cells = row.map((cell, index) => {
      const { width, numeric } = this.measures![index];
      const text = this.terminal !== undefined && this.columns[index].elastic ? clip(cell, width) : cell;
      const room = ' '.repeat(Math.max(0, width - widthOf(text)));
      return numeric ? room + text : text + room;
    });
    return cells.join(GAP).trimEnd();
  }
}

const textOf = (value: string | number | null): string => (value === null ? '-' : oneLine(String(value)));
