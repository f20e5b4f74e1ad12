import type { DomainEvent } from './domain-event';
import { OrderCancelled, OrderConfirmed, OrderCreated, OrderPaid, PaymentRejected } from './order-events';
import { PaymentReceived, PaymentRefunded, PaymentRequested } from './payment-events';
import { ProductCreated, ProductDeleted } from './product-events';
import { StockSet } from './stock-events';
import { UserCreated, UserDeleted } from './user-events';

const user = { id: 6, name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 };
const product = { id: 5, name: 'Mouse GHI', sku: 'MS11111', price: '24.95' };
const order = {
  id: 7,
  user_id: 6,
  user_name: 'Grace Hopper',
  user_email: 'grace@example.com',
  total_amount: '4059.48',
  items: [
    { product_id: 1, name: 'Laptop ABC', quantity: 2, unit_price: '1999.99' },
    { product_id: 2, name: 'Keyboard DEF', quantity: 1, unit_price: '59.50' },
  ],
};
const payment = { id: 4, order_id: 7, user_id: 6, total_amount: '4059.48' };
const payment_link = 'http://localhost:5009/payments/process/4';
const rejected = { payment_id: 4, order_id: 7, total_amount: '4059.48' };
const customer = { user_name: 'Grace Hopper', user_email: 'grace@example.com' };

/** One of each type at least, where something may be missing one with it and one without. */
const events: DomainEvent[] = [
  UserCreated.of(user),
  UserDeleted.of(user),
  ProductCreated.of(product),
  ProductDeleted.of(product),
  StockSet.of({ product_id: 5, quantity: 90, previous_quantity: 0 }),
  OrderCreated.of(order),
  OrderConfirmed.of({ ...order, payment_id: 4, payment_link }),
  OrderPaid.of({ ...order, payment_id: 4 }),
  OrderCancelled.of({ ...order, is_paid: false, reason: 'request' }),
  OrderCancelled.of({ ...order, user_id: null, is_paid: true, reason: 'request' }),
  PaymentRejected.of({ ...rejected, reason: 'paid-after-cancelled', ...customer }),
  PaymentRejected.of({ ...rejected, reason: 'unknown-order' }),
  PaymentRequested.of({ ...payment, payment_link }),
  PaymentReceived.of(payment),
  PaymentRefunded.of({ ...payment, reason: 'order-cancelled', ...customer }),
  PaymentRefunded.of({ ...payment, user_id: null, reason: 'unknown-order' }),
];

/** Of one type, as they stand in a log. */
export const samplesOf = (eventClass: new () => DomainEvent): DomainEvent[] =>
  events
    .filter((event) => event instanceof eventClass)
    .map((event) => Object.assign(new eventClass(), event, { datetime: '2026-11-23 16:00:41.491000' }));
