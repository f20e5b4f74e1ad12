import { validateSync } from 'class-validator';
import * as fc from 'fast-check';
import { IsAmount, toAmount, toCents } from './money';

class Bill {
  @IsAmount()
  amount: unknown;
}

const LARGEST_CENTS = 999_999_999_999;

describe('Money', () => {
  it.each([
    ['1999.99', 199_999],
    ['1999.9', 199_990],
    ['1999', 199_900],
    ['0.01', 1],
    ['0', 0],
    [1999.99, 199_999],
    // Times 100 these are 28.999999999999996, 114.99999999999999 and 100.49999999999999.
    [0.29, 29],
    [1.15, 115],
    [1.005e2, 10_050],
    [1e3, 100_000],
    [99_999_999.99, 9_999_999_999],
  ])('of %j is %d cents', (amount, cents) => {
    expect(toCents(amount)).toBe(cents);
  });

  it.each([
    '3.999',
    3.999,
    '1.000',
    '1e3',
    '0x10',
    '-1',
    -1,
    '',
    ' 1',
    '1 ',
    '1.',
    '.5',
    '01',
    '1,50',
    '+1',
    '１',
    'NaN',
    NaN,
    Infinity,
    1e21,
    1e-7,
    '99999999999',
  ])('is not %j', (amount) => {
    expect(toCents(amount)).toBeUndefined();
  });

  it('is the same in cents, as text and as a JSON number, to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LARGEST_CENTS }), (cents) => {
        const amount = toAmount(cents);
        expect(amount).toMatch(/^\d+\.\d\d$/);
        expect(toCents(amount)).toBe(cents);
        expect(toCents(JSON.parse(amount) as number)).toBe(cents);
        expect(validateSync(Object.assign(new Bill(), { amount }))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['1999.9', '1999', '01.00', '-1.00', 5, null])('is not written as %j in an event', (amount) => {
    expect(validateSync(Object.assign(new Bill(), { amount }))).toHaveLength(1);
  });
});
