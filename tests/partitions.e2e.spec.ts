import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from './needs';
import { npmRun, rowsOf } from './npm-run';
import { shopFolder } from './shop-process';

// Six processes on a broker and a database, one after the other.
jest.setTimeout(900_000);

needs('kafka', 'mariadb')('npm run partitions', () => {
  const { folder, remove } = shopFolder();
  afterAll(remove);

  it('tells of 1, 2, 4 and 8 partitions, and draws it', async () => {
    const { code, out, err } = await npmRun(['partitions', '--', '--events', '100'], { OUTPUT_FOLDER: folder });

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const rows = rowsOf(out);
    expect(rows.map(([partitions, processes]) => [partitions, processes])).toEqual([
      ['1', '1'],
      ['2', '1'],
      ['4', '1'],
      ['8', '1'],
      ['8', '2'],
    ]);
    for (const [, , rate, ratio] of rows) {
      expect(Number(rate)).toBeGreaterThan(0);
      expect(Number(ratio)).toBeGreaterThan(0);
    }
    expect(rows[0][3]).toBe('1.00');
    const svg = readFileSync(join(folder, 'partitions.svg'), 'utf8');
    expect(svg.match(/<circle /g)).toHaveLength(5);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    for (const [, , rate] of rows) expect(svg).toContain(`: ${rate} events/s`);
  });
});
