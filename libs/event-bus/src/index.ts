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
export { type Backbone, type BackboneOptions, openBackbone, tablesOfBackbone } from './backbone';
export { EventBackboneModule } from './backbone.module';
export type { Past } from './past';
export { activeInstance, ConsumerInstance, orderInstance } from './instance';
export { type ConsumerOptions, EventConsumer, type EventMethod, On } from './on';
export { discardRows, readLive } from './projection';
export { readEvent } from './read-event';
export { type Change, changes, type Ranked, Ranking } from './redis/ranking';
export { Redis, RedisAway, type RedisStatus } from './redis/redis';
export { ParkedAttempt, ParkedEvent, ParkedStream, type StreamKey } from './parked';
export { editEvent, type ParkedGroup, retryGroup, retryNow, type SeenEvent, skipFirst } from './repair';
export type { RelayStatus } from './relay';
export { DEFAULT_RETRIES, type RetryPolicy } from './retry-policy';
export type { Tables } from './tables';
export { SKIP_EVENT, type Step, wayOf } from './way';
