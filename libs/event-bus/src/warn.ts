import { runInTrace, traceOf } from '@magasin/event-log';
import type { Logger } from '@nestjs/common';
import type { Arrival } from './event-bus';
import { failureOf } from './failure';

/** Logs what became of an event, as a part of the trace that led to it. */
export function warnOf(
  logger: Logger,
  { position, type, stream, metadata }: Arrival,
  error: unknown,
  what: string,
): void {
  runInTrace(traceOf(metadata), () =>
    logger.warn(`${stream} ${what}: event ${position} (${type || 'unreadable'}) failed: ${failureOf(error).error}`),
  );
}
