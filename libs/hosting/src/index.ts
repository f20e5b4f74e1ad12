// How an app of the shop is run and spoken to: settings, problem documents, checked input, pages, traces, the log,
// start and stop.
export { IsPrice, IsQuantity } from './amounts';
export * from './health.controller';
export { TakesNoKey } from './idempotency';
export { IdempotencyKeyInUse, IdempotencyKeyReused, InvalidIdempotencyKey } from './idempotency-key';
export * from './input';
export { Paged, Problems } from './openapi-decorators';
export { flushLog, type Log, LOG_LEVELS, openLog } from './logging';
export * from './paging';
export * from './problem';
export { type Answered, QUIET, Requests, UNKNOWN_ROUTE } from './requests';
export * from './serve';
export * from './settings';
export { hostingTables } from './tables';
