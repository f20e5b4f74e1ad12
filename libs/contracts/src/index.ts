// The events of the shop, declared once: their fields, the schema that checks them, their topic and their stream.
export * from './domain-event';
export * from './user-events';
export * from './money';
export * from './product-events';
export * from './stock-events';
export {
  IsLink,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  OrderLine,
  OrderPaid,
  PaymentRejected,
} from './order-events';
export { type AsyncApi, asyncApi } from './asyncapi';
export { PaymentReceived, PaymentRefunded, PaymentRequested } from './payment-events';
export { CLOUD_EVENT } from './cloud-event';
export { PARTITIONS, TOPIC_CONFIGURATION, TOPICS } from './topics';
