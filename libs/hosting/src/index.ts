// How an app of the shop is run and spoken to: settings, problem documents, checked input, pages, traces, the log,
// start and stop.
export * from './health.controller';
export * from './input';
export { flushLog, type Log, LOG_LEVELS, openLog } from './logging';
export * from './paging';
export * from './problem';
export { type Answered, QUIET, Requests, UNKNOWN_ROUTE } from './requests';
export * from './serve';
export * from './settings';
