import { npmRun, rowsOf } from './npm-run';

const FIGURE = /^(–|\d+(\.\d+)?)$/;

// Nine times a shop is asked, and it is slow on purpose.
jest.setTimeout(900_000);

describe('npm run compare', () => {
  it('tells of sync and async, with payments fast, slow, hanging and down: no order is lost, each gets its link', async () => {
    const { code, out, err } = await npmRun(['compare', '--', '--orders', '4', '--per-second', '10']);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const rows = rowsOf(out);
    expect(rows.map(([mode, payments]) => `${mode} ${/^\w+/.exec(payments)![0]}`)).toEqual([
      ...['sync', 'async'].flatMap((mode) => ['fast', 'slow', 'hangs', 'down'].map((how) => `${mode} ${how}`)),
      'async fast',
    ]);
    for (const [, , p50, p95, max, kept, withLink, later, ...waits] of rows) {
      for (const figure of [p50, p95, max, ...waits]) expect(figure).toMatch(FIGURE);
      expect(kept).toBe('100 %');
      expect(Number(withLink) + Number(later)).toBe(4);
      expect(waits.every((wait) => wait === '–')).toBe(later === '0');
    }
    const [fast, , hangs, down] = rows;
    // Sync waits for its link, two seconds at most; what can not be had comes by the event.
    expect(Number(fast[6])).toBeGreaterThan(0);
    expect([hangs[6], down[6]]).toEqual(['0', '0']);
    expect(Number(hangs[2])).toBeGreaterThan(1_900);
  });

  it.each([['--orders', 'many'], ['--orders', '0'], ['--what']])(
    'refuses %s %s, and says what is accepted',
    async (...words) => {
      const { code, out, err } = await npmRun(['compare', '--', ...words]);

      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('npm run compare -- [--orders 40] [--per-second 10]');
    },
  );
});
