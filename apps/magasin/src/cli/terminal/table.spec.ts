import { Table } from './table';
import { widthOf } from './text';

interface Row {
  name: string;
  count: number;
  error: string | null;
}

const COLUMNS = [
  { title: 'name', value: (row: Row) => row.name },
  { title: 'count', value: (row: Row) => row.count },
  { title: 'error', value: (row: Row) => row.error, elastic: true },
];
const row = (changes: Partial<Row> = {}): Row => ({ name: 'coolriel', count: 7, error: null, ...changes });

describe('Table', () => {
  it('pads its columns, numbers to the right, and ends no line with blanks', () => {
    expect(new Table(COLUMNS).lines([row(), row({ name: 'x', count: 1_000, error: 'broken' })])).toEqual([
      'NAME      COUNT  ERROR',
      'coolriel      7  -',
      'x          1000  broken',
    ]);
  });

  it('has its titles once, and keeps its widths, when rows come in parts', () => {
    const table = new Table(COLUMNS);

    table.lines([row()]);

    expect(table.lines([row({ name: 'x' })])).toEqual(['x             7  -']);
    expect(table.lines([row({ name: 'much longer than that' })])).toEqual(['much longer than that      7  -']);
  });

  it('counts wide characters as two columns, and combined ones as one', () => {
    const names = ['格蕾丝', 'e\u0301', '😀', '👩‍👩‍👧', '한글', 'ｶﾅ'];

    const lines = new Table(COLUMNS).lines(names.map((name) => row({ name })));

    expect(names.map(widthOf)).toEqual([6, 1, 2, 2, 4, 2]);
    expect(new Set(lines.slice(1).map(widthOf)).size).toBe(1);
  });

  it('cuts off what is elastic for a terminal, and nothing without one', () => {
    const long = row({ error: '格'.repeat(50) });

    const [, cut] = new Table(COLUMNS, 40).lines([long]);
    const [, whole] = new Table(COLUMNS).lines([long]);

    expect(cut.endsWith('格…')).toBe(true);
    expect(widthOf(cut)).toBeLessThanOrEqual(40);
    expect(whole).toContain(long.error);
  });

  it('keeps every row on one line, whatever is in it', () => {
    const [, line] = new Table(COLUMNS).lines([row({ error: 'a\nb\u001B[2J\u009Bc\u202Ed' })]);

    expect(line).toBe(String.raw`coolriel      7  a\nb\u001b[2J\u009bc\u202ed`);
  });
});
