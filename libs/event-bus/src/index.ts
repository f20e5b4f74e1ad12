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
export { type Backbone, type BackboneOptions, EventBackboneModule, openBackbone } from './backbone';
export { activeInstance, ConsumerInstance, orderInstance } from './instance';
export { readEvent } from './read-event';
export { ParkedAttempt, ParkedEvent, ParkedStream, type StreamKey } from './parked';
export { editEvent, type ParkedGroup, retryGroup, retryNow, type SeenEvent, skipFirst } from './repair';
export { DEFAULT_RETRIES, type RetryPolicy } from './retry-policy';
export { SKIP_EVENT, type Step, wayOf } from './way';
