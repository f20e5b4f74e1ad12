/** How many rows: at least, and at most. */
type Count = [least: number, most: number];

/** What an accepted request does, once. */
export interface Effect {
  /** The types of the events: those that it records itself, then what consumers record by themselves, to the end. */
  story: RegExp;
  /** How many rows of which table come, go or change, in all apps. Of a table that is not named: none. */
  rows?: Record<string, Count>;
  /** The member of the answer that names the new row, and the table that has it. */
  names?: [member: string, table: string];
}

const ONE: Count = [1, 1];
const MAY: Count = [0, 1];
const SOME: Count = [1, Infinity];
const ANY: Count = [0, Infinity];
const NOTHING: Effect = { story: /^$/ };

const ORDERED: Omit<Effect, 'story'> = {
  rows: { orders: ONE, order_items: SOME, stocks: SOME, payments: ONE },
  names: ['order_id', 'orders'],
};

/** By method, path and status: one of these. What reads or only asks is not here: it changes nothing. */
export const EFFECTS: Record<string, Effect[]> = {
  'POST /users 201': [{ story: /^UserCreated$/, rows: { users: ONE }, names: ['user_id', 'users'] }],
  'DELETE /users/{id} 200': [
    // The orders that he has paid stay without him.
    { story: /^UserDeleted$/, rows: { users: ONE, orders: ANY } },
    {
      story: /^(OrderCancelled )+UserDeleted$/,
      rows: { users: ONE, orders: SOME, order_items: SOME, stocks: SOME, payments: SOME },
    },
  ],
  'POST /products 201': [{ story: /^ProductCreated$/, rows: { products: ONE }, names: ['product_id', 'products'] }],
  // It takes its stock with it.
  'DELETE /products/{id} 200': [{ story: /^ProductDeleted$/, rows: { products: ONE, stocks: MAY } }],
  // It may be set to what it is.
  'POST /stocks 201': [{ story: /^StockSet$/, rows: { stocks: MAY } }],
  'POST /orders 201': [{ story: /^OrderCreated PaymentRequested OrderConfirmed$/, ...ORDERED }],
  'PUT /orders 200': [{ story: /^OrderPaid$/, rows: { orders: ONE, payments: MAY } }, NOTHING],
  'DELETE /orders/{id} 200': [
    {
      story: /^OrderCancelled( PaymentRefunded)?$/,
      rows: { orders: ONE, order_items: SOME, stocks: SOME, payments: ONE },
    },
  ],
  'POST /payments 201': [{ story: /^PaymentRequested$/, rows: { payments: ONE }, names: ['payment_id', 'payments'] }],
  'POST /payments 200': [NOTHING],
  'POST /payments/process/{id} 200': [
    { story: /^PaymentReceived OrderPaid$/, rows: { payments: ONE, orders: ONE } },
    // The store knew it from elsewhere, or knows no such order.
    { story: /^PaymentReceived( PaymentRejected PaymentRefunded)?$/, rows: { payments: ONE } },
    NOTHING,
  ],
};

/** When the apps call each other: who comes second, the call or the event, says nothing new. */
export const EFFECTS_IN_SYNC: typeof EFFECTS = {
  ...EFFECTS,
  'POST /orders 201': [
    {
      story: /^OrderCreated PaymentRequested (PaymentRequested OrderConfirmed|OrderConfirmed( PaymentRequested)?)$/,
      ...ORDERED,
    },
  ],
};

const OVERVIEW = ['stock_overview', 'stock_overview_begun'];
const REPORTS = ['best_sellers', 'highest_spenders'];
/** An event of a parked stream waits in it. */
const PARKED = ['parked_stream', 'parked_event'];

/** What consumers keep of an event, in tables of their own, beside the rows and the events above. */
export const KEPT_OF: Record<string, string[]> = {
  UserCreated: ['email', ...PARKED],
  UserDeleted: ['email', 'highest_spenders', ...PARKED],
  ProductCreated: OVERVIEW,
  ProductDeleted: OVERVIEW,
  StockSet: OVERVIEW,
  OrderCreated: [...OVERVIEW, ...REPORTS],
  OrderConfirmed: ['email'],
  OrderPaid: ['email'],
  OrderCancelled: ['email', ...OVERVIEW, ...REPORTS],
  PaymentRefunded: ['email'],
};

/** What a person's repair may change: what consumers keep, never what they keep it of. */
export const REPAIRED = new Set([
  'audit',
  'consumer_active',
  'consumer_instance',
  'consumer_types',
  'email',
  ...PARKED,
  ...OVERVIEW,
  ...REPORTS,
]);
