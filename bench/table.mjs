/** A table of Markdown, whose columns stand straight on a terminal too. The first row has the titles; figures are right. */
export function table([titles, ...rows]) {
  const widths = titles.map((title, column) => Math.max(3, ...[titles, ...rows].map((row) => `${row[column]}`.length)));
  const isFigure = titles.map((_, column) => rows.every((row) => /^(–|[\d.,/]+( %)?)$/.test(`${row[column]}`)));
  const cell = (text, column) =>
    isFigure[column] ? `${text}`.padStart(widths[column]) : `${text}`.padEnd(widths[column]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = widths.map((width, column) => (isFigure[column] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(titles.map(cell)), line(rule), ...rows.map((row) => line(row.map(cell)))].join('\n');
}

/** The value below which that share of them lies; undefined of none. */
export const quantile = (values, share) => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};

/** Where the figures come from: they are of this machine at this hour. */
export const machine = (cores) => `Node ${process.version}, ${cores} cores, ${new Date().toISOString().slice(0, 16)}Z`;
