import { validateSync } from 'class-validator';
import { Card } from './card';

const wrong = (card: object): string[] =>
  validateSync(
    Object.assign(new Card(), { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2031-01-05', ...card }),
  ).flatMap(({ constraints }) => Object.values(constraints ?? {}));
const NUMBER = 'cardNumber must be 12 to 19 digits, as text or as a number';
const CODE = 'cardCode must be 3 to 4 digits, as text or as a number';
const DATE = 'expirationDate must be a day to come, as 2030-01-05, or a month that is not over, as 2030-01';

describe('A card', () => {
  it.each([
    9_999_999_999_999,
    100_000_000_000,
    4_111_111_111_111_111,
    JSON.parse('9999999999999999999'),
    '000000000000',
    '4111111111111111',
    '9'.repeat(19),
  ])('may have the number %j', (cardNumber) => {
    expect(wrong({ cardNumber })).toEqual([]);
  });

  it.each([
    99_999_999_999,
    100_000_000_000_000_000_000,
    4_111_111_111_111.5,
    -4_111_111_111_111,
    NaN,
    '99999999999',
    '9'.repeat(20),
    '4111 1111 1111 1111',
    '4111-1111-1111-1111',
    '411111111111111x',
    '４１１１１１１１１１１１１１１１',
    '4111111111111111\n',
    '',
    null,
    undefined,
    true,
    ['4111111111111111'],
    { number: '4111111111111111' },
  ])('may not have the number %j, and its refusal does not repeat it', (cardNumber) => {
    expect(wrong({ cardNumber })).toEqual([NUMBER]);
  });

  it.each([100, 999, 9_999, '012', '0000'])('may have the code %j', (cardCode) => {
    expect(wrong({ cardCode })).toEqual([]);
  });

  it.each([12, 99, 10_000, 123.5, -123, '12', '12345', '12a', ' 123', '', null, undefined, [123]])(
    'may not have the code %j',
    (cardCode) => {
      expect(wrong({ cardCode })).toEqual([CODE]);
    },
  );

  describe('in the last second of June 2030', () => {
    beforeAll(() => jest.useFakeTimers({ now: new Date('2030-06-30T23:59:59Z') }));
    afterAll(() => jest.useRealTimers());

    it.each(['2030-07-01', '2030-12-31', '2032-02-29', '2030-06', '2030-07', '9999-12'])(
      'may be good until %s',
      (expirationDate) => {
        expect(wrong({ expirationDate })).toEqual([]);
      },
    );

    it.each([
      '2030-06-30',
      '2030-06-29',
      '2030-05',
      '2029-12',
      '2031-02-29',
      '2031-02-30',
      '2031-13',
      '2031-00',
      '2031-01-00',
      '2031-01-32',
      '0000-00-00',
      '2031-1',
      '2031',
      '01/31',
      '2031-01-05T00:00:00Z',
      '2031-01-05 ',
      '+02031-01',
      '',
      203_101,
      null,
      undefined,
      ['2031-01'],
    ])('may not be good until %j', (expirationDate) => {
      expect(wrong({ expirationDate })).toEqual([DATE]);
    });
  });

  it('is told of every field that is wrong', () => {
    expect(wrong({ cardNumber: 1, cardCode: 1, expirationDate: 1 })).toEqual([NUMBER, CODE, DATE]);
  });
});
