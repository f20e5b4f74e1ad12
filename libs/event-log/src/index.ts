// Facts, recorded in the transaction that changes the rows, and read again in their order: outbox and history in one table.
export { EventLog, type EventLogOptions } from './event-log';
export { History, type RecordedEvent } from './history';
export { asJson, type EventLine, fromLine, toLine } from './history-line';
export { spanOf } from './history-moment';
export { NothingNamed, typesOf } from './history-types';
export type { BoundRange, EventPage, PageRequest, Range, Selection } from './history-selection';
export { type Lease, type Numbered, Outbox } from './outbox';
export { openHistory, type OpenHistory } from './open-history';
export { checkSchema, MAX_EVENT_BYTES } from './event-writer';
export { currentTrace, runInTrace, type Trace, traceOf } from './trace';
export { type UnitOfWork } from './unit-of-work';
export { moveLog, type Moved, type MoveOptions } from './move/move';
export { MoveRefused } from './move/side';
export { withDeadline } from './deadline';
export * from './dialect';
export { withoutPassword } from './mysql/options';
export * from './errors';
