import { validateSync } from 'class-validator';
import { IsPrice, IsQuantity } from './amounts';

class Offer {
  @IsPrice()
  price: unknown = 1;

  @IsPrice({ atMost: '9999999999.99' })
  total: unknown = 1;

  @IsQuantity(1)
  wanted: unknown = 1;

  @IsQuantity(0)
  there: unknown = 0;
}

const violations = (offer: Partial<Offer>): string[] =>
  validateSync(Object.assign(new Offer(), offer)).flatMap(({ constraints }) => Object.values(constraints ?? {}));

describe('An amount in a body', () => {
  it.each([0.01, '0.01', 1999.99, '5', 99_999_999.99])('may be the price %j', (price) => {
    expect(violations({ price })).toEqual([]);
  });

  it.each([0, '0.00', -1, 3.999, '1e3', 100_000_000, NaN, Infinity, null, undefined, true, [5], {}])(
    'may not be the price %j',
    (price) => {
      expect(violations({ price })).toEqual([
        'price must be a number or a decimal text above 0, with at most 2 decimals, at most 99999999.99',
      ]);
    },
  );

  it.each([0.01, '100000000.00', 9_999_999_999.99, '9999999999.99'])('may be the total %j', (total) => {
    expect(violations({ total })).toEqual([]);
  });

  it.each([0, 3.999, 10_000_000_000, '10000000000.00', null])('may not be the total %j', (total) => {
    expect(violations({ total })).toEqual([
      'total must be a number or a decimal text above 0, with at most 2 decimals, at most 9999999999.99',
    ]);
  });

  it.each([1, 2_147_483_647])('may be the quantity %j', (wanted) => {
    expect(violations({ wanted, there: wanted })).toEqual([]);
  });

  it.each([-1, 1.5, '1', 2_147_483_648, NaN, null, undefined, true, [1], {}])(
    'may not be the quantity %j',
    (wanted) => {
      expect(violations({ wanted })).toEqual(['wanted must be a whole number from 1 to 2147483647']);
      expect(violations({ there: wanted })).toEqual(['there must be a whole number from 0 to 2147483647']);
    },
  );

  it('may be nothing where that is said, and only there', () => {
    expect(violations({ there: 0 })).toEqual([]);
    expect(violations({ wanted: 0 })).toHaveLength(1);
  });
});
