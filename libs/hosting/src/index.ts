// How an app of the shop is run and spoken to: settings, problem documents, checked input, pages, traces, the log,
// start and stop.
export { addressOf } from './address';
export { IsPrice, IsQuantity } from './amounts';
export { beforeAnswer } from './before-answer';
export { callApp } from './call-app';
export * from './health.controller';
export { TakesNoKey } from './idempotency';
export { IdempotencyKeyInUse, IdempotencyKeyReused, InvalidIdempotencyKey } from './idempotency-key';
export * from './input';
export { IsListOf } from './list-of';
export { Paged, Problems } from './openapi-decorators';
export { flushLog, type Log, LOG_LEVELS, openLog } from './logging';
export { htmlDocument } from './pages/html-document';
export { HtmlPage } from './pages/html-page';
export { type Look, pageStyle } from './pages/look';
export * from './paging';
export * from './problem';
export { type Answered, QUIET, Requests, UNKNOWN_ROUTE } from './requests';
export * from './serve';
export * from './settings';
export { SettingsModule } from './settings.module';
export { hostingTables } from './tables';
