// The events of the shop, declared once: their fields, the schema that checks them, their topic and their stream.
export * from './domain-event';
export * from './user-events';
export * from './money';
export * from './product-events';
export * from './stock-events';
