// Carries the facts of a log to every consumer: in order per stream, with one effect, and leaves the trail of their way.
export { audit, AuditEntry, type Person, type Repaired } from './audit';
export {
  type Consumer,
  type ConsumerStatus,
  type Delivery,
  EventBus,
  type Handler,
  on,
  Unavailable,
} from './event-bus';
export { type Backbone, type BackboneOptions, openBackbone } from './backbone';
export { EventBackboneModule } from './backbone.module';
export { type ConsumerOptions, EventConsumer, type EventMethod, On } from './on';
export type { Tables } from './tables';
export { DEFAULT_RETRIES, type RetryPolicy } from './parking';
export { type Step, wayOf } from './trail';
