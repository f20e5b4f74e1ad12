import { duration, relative } from './when';

const NOW = Date.parse('2026-11-23T16:00:00.000Z');

describe('relative', () => {
  it.each([
    ['2026-11-23T16:00:00.000Z', '0 s ago'],
    ['2026-11-23T15:59:20.000Z', '40 s ago'],
    ['2026-11-23T15:58:01.000Z', '1 min ago'],
    ['2026-11-23T13:00:00.000Z', '3 h ago'],
    ['2026-11-20T13:00:00.000Z', '3 d ago'],
    ['2026-11-23T16:00:40.000Z', 'in 40 s'],
    ['2026-11-23T18:00:40.000Z', 'in 2 h'],
  ])('says of %s: %s', (moment, said) => {
    expect(relative(moment, NOW)).toBe(said);
  });
});

describe('duration', () => {
  it('has no fractions', () => {
    expect([0, 0.7, 59.9, 60, 3_599].map(duration)).toEqual(['0 s', '0 s', '59 s', '1 min', '59 min']);
  });
});
