import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Trace } from '@magasin/event-log';

// One line of printable ASCII: it goes into a header, into log lines, and into the metadata of events.
const PRINTABLE = /^[\x20-\x7e]{1,128}$/;

// Version, trace, parent, flags; no part all zero. A later version may have more behind them, `ff` is none.
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * The trace that a request belongs to. What the caller gives is taken when it is well formed, and ignored when not: the
 * id in `X-Correlation-Id` or `X-Request-Id`, else that of the W3C trace in `traceparent`, else a new one.
 */
export function readTrace(headers: IncomingHttpHeaders): Trace {
  const [, version, trace, parent, flags, rest] = TRACEPARENT.exec(String(headers.traceparent)) ?? [];
  const traced = trace !== undefined && (version !== '00' || rest === undefined);
  const given = [headers['x-correlation-id'], headers['x-request-id']].find((id) => PRINTABLE.test(String(id ?? '')));
  const correlation_id = given === undefined ? (traced ? trace : randomUUID()) : String(given);
  return { correlation_id, ...(traced && { traceparent: `00-${trace}-${parent}-${flags}` }) };
}
