// Carries the facts of a log to every consumer: in order per stream, with one effect, and leaves the trail of their way.
export { audit, AuditEntry, type Person, type Repaired } from './audit';
export {
  type Arrival,
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
export { activeInstance, ConsumerInstance, orderInstance } from './instance';
export { type ConsumerOptions, EventConsumer, type EventMethod, On } from './on';
export { readEvent } from './read-event';
export { ParkedAttempt, ParkedEvent, ParkedStream, type StreamKey } from './parked';
export { editEvent, type ParkedGroup, retryGroup, retryNow, type SeenEvent, skipFirst } from './repair';
export { DEFAULT_RETRIES, type RetryPolicy } from './retry-policy';
export type { Tables } from './tables';
export { SKIP_EVENT, type Step, wayOf } from './way';
