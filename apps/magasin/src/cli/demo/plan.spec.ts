import { planDay } from './plan';

describe('The plan of a day', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(planDay(40, 7, 'x')).toEqual(planDay(40, 7, 'x'));
    expect(planDay(40, 8, 'x')).not.toEqual(planDay(40, 7, 'x'));
  });

  it.each([1, 2, 3, 7, 4_294_967_295])(
    'has everything that can become of an order, with seed %d, in a small day too',
    (seed) => {
      const { customers } = planDay(8, seed, 'x');

      const fates = new Set(customers.flatMap(({ orders }) => orders.map(({ fate }) => fate)));
      expect(fates.size).toBe(10);
      expect(new Set(customers.map(({ user_type_id }) => user_type_id)).size).toBe(3);
      expect(customers.filter(({ leaves }) => leaves).map(({ orders }) => orders.map(({ fate }) => fate))).toEqual([
        ['link', 'open'],
        [],
      ]);
    },
  );

  it('has enough in stock for all orders but those that are to be refused', () => {
    const { customers, products } = planDay(100, 3, 'x');

    const orders = customers.flatMap((customer) => customer.orders).filter(({ fate }) => fate !== 'short');
    for (const [index, { quantity }] of products.entries()) {
      const lines = orders.flatMap((order) => order.lines.filter(({ product }) => product === index));
      const ordered = lines.reduce((sum, line) => sum + line.quantity, 0);
      expect(ordered).toBeGreaterThan(0);
      expect(quantity).toBeGreaterThan(ordered);
    }
    for (const { lines } of orders) {
      expect(new Set(lines.map(({ product }) => product)).size).toBe(lines.length);
    }
  });
});
