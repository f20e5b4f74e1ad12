import { validateSync } from 'class-validator';
import { eventType } from './domain-event';
import { OrderCancelled, OrderCreated, type OrderLine, PaymentRejected } from './order-events';

const line: OrderLine = { product_id: 1, name: 'Laptop ABC', quantity: 2, unit_price: '1999.99' };
const order = (changes: object = {}): OrderCreated =>
  Object.assign(new OrderCreated(), {
    id: 1,
    user_id: 1,
    user_name: 'Ada Lovelace',
    user_email: 'alovelace@example.com',
    total_amount: '3999.98',
    items: [line],
    datetime: '2026-11-23 16:00:41.491000',
    ...changes,
  });
const faults = (event: object): string[] =>
  validateSync(event, { forbidUnknownValues: true }).flatMap(({ constraints }) => Object.values(constraints ?? {}));

describe('The events of an order', () => {
  it('take lines as plain objects, as they are read', () => {
    expect(faults(order())).toEqual([]);
    expect(faults(order({ items: JSON.parse(JSON.stringify([line, { ...line, product_id: 2 }])) }))).toEqual([]);
  });

  it.each([
    ['nothing', undefined, 'items must be a list that is not empty'],
    ['no line', [], 'items must be a list that is not empty'],
    ['a line alone', line, 'items must be a list that is not empty'],
    ['a line that is none', [line, 7], 'items.1 must be an object'],
    ['a price that is a number', [{ ...line, unit_price: 5 }], 'items.0.unit_price must be an amount like 1999.99'],
    ['a quantity of none', [line, { ...line, quantity: 0 }], 'items.1.quantity must not be less than 1'],
  ])('refuse %s for their lines, and say where', (_what, items, fault) => {
    expect(faults(order({ items }))).toEqual([fault]);
  });

  it('may name no user any more', () => {
    expect(faults(order({ user_id: null }))).toEqual([]);
    for (const user_id of [undefined, 0, 1.5, '1']) {
      expect(faults(order({ user_id }))).toEqual(['user_id must be an id or null']);
    }
  });

  it('stand in the stream of the order, money that was not taken too', () => {
    const rejected = PaymentRejected.of({ payment_id: 4, order_id: 1, total_amount: '1.00', reason: 'unknown-order' });

    expect(eventType(OrderCancelled).stream(order())).toBe('order-1');
    expect(eventType(PaymentRejected).stream(rejected)).toBe('order-1');
  });
});
