import { inDollars, orderLines } from './order-facts';

describe('An amount', () => {
  // The space is U+00A0, which does not break: a reader's program, or another ICU in Node, must not make another of it.
  it.each([
    ['0.05', '0,05\u00a0$'],
    ['5.00', '5,00\u00a0$'],
    ['59.50', '59,50\u00a0$'],
    ['1999.99', '1\u00a0999,99\u00a0$'],
    ['1234567.80', '1\u00a0234\u00a0567,80\u00a0$'],
    ['9999999999.99', '9\u00a0999\u00a0999\u00a0999,99\u00a0$'],
  ])('of %s is written as in Québec', (amount, written) => {
    expect(inDollars(amount)).toBe(written);
  });

  it('keeps each of its digits, also where a number would round them', () => {
    expect(inDollars('90071992547409931234.57')).toBe(
      '90\u00a0071\u00a0992\u00a0547\u00a0409\u00a0931\u00a0234,57\u00a0$',
    );
  });
});

describe('The lines of an order', () => {
  it('say of each product what it is, how many, for how much each, and what that makes; then the total', () => {
    const items = [
      { product_id: 1, name: 'Laptop ABC', quantity: 2, unit_price: '1999.99' },
      { product_id: 3, name: 'Gadget XYZ', quantity: 1, unit_price: '5.75' },
    ];

    expect(orderLines({ items, total_amount: '4005.73' })).toEqual([
      ['Laptop ABC', '3\u00a0999,98\u00a0$', '2 × 1\u00a0999,99\u00a0$'],
      ['Gadget XYZ', '5,75\u00a0$', '1 × 5,75\u00a0$'],
      ['Total', '4\u00a0005,73\u00a0$'],
    ]);
  });

  it('are exact to the cent', () => {
    const line = (quantity: number, unit_price: string): string =>
      orderLines({ items: [{ product_id: 1, name: 'x', quantity, unit_price }], total_amount: '1.00' })[0][1];

    expect(line(3, '1.10')).toBe('3,30\u00a0$');
    expect(line(100, '1.15')).toBe('115,00\u00a0$');
    expect(line(999_999, '9999.99')).toBe('9\u00a0999\u00a0980\u00a0000,01\u00a0$');
  });
});
