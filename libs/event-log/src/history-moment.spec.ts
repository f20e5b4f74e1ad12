import { spanOf } from './history-moment';

const at = (text: string): number => Date.parse(text);

describe('spanOf', () => {
  it('takes a moment for itself, in any zone', () => {
    const moment = Date.UTC(2026, 10, 23, 16, 0, 41, 491);

    expect(spanOf('2026-11-23T16:00:41.491Z')).toEqual({ first: moment, last: moment });
    expect(spanOf('2026-11-23T11:00:41.491-05:00')).toEqual({ first: moment, last: moment });
    expect(spanOf('2026-11-23T16:00Z')?.first).toBe(at('2026-11-23T16:00:00.000Z'));
  });

  it('takes a day for all of it, in UTC', () => {
    expect(spanOf('2026-11-23')).toEqual({
      first: at('2026-11-23T00:00:00.000Z'),
      last: at('2026-11-23T23:59:59.999Z'),
    });
    expect(spanOf('2028-02-29')?.last).toBe(at('2028-03-01T00:00:00.000Z') - 1);
  });

  it.each([
    '',
    'now',
    '0',
    '2026',
    '2026-11',
    '2026-02-30',
    '2026-13-01',
    '2026-W48',
    '2026-060',
    '20261123',
    '2026-11-23T16:00:41',
    '2026-11-23T25:00:00Z',
    '2026-11-23T16:60:00Z',
    '2026-11-23 16:00:41Z',
    ' 2026-11-23',
    '2026-11-23\n',
    '9999-12-31T23:59:59-23:59',
    '0000-01-01T00:00:00+00:01',
  ])('takes %j for nothing', (text) => {
    expect(spanOf(text)).toBeUndefined();
  });
});
