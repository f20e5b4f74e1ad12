import { AsyncLocalStorage } from 'node:async_hooks';

/** What ties together all that one request led to: its log lines, its events, their effects, the e-mails. */
export interface Trace {
  /** Given by the caller or made for the request. One line of printable ASCII, 128 characters at most. */
  correlation_id: string;
  /** W3C trace context, as the request brought it: the trace in which the event was recorded. */
  traceparent?: string;
}

const traces = new AsyncLocalStorage<Trace>();

/** Runs `work` as a part of a trace: events that it records carry it, and so does what handles them later. */
export const runInTrace = <T>(trace: Trace | undefined, work: () => T): T => (trace ? traces.run(trace, work) : work());

export const currentTrace = (): Trace | undefined => traces.getStore();

/** The trace in an event's metadata, undefined when it was recorded outside of any. */
export function traceOf(metadata: string): Trace | undefined {
  const { correlation_id, traceparent } = JSON.parse(metadata) as Partial<Trace>;
  return correlation_id === undefined ? undefined : { correlation_id, ...(traceparent && { traceparent }) };
}
