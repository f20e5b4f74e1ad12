import type { EventLog, RecordedEvent } from '@magasin/event-log';

/** Where a consumer reads what topics have forgotten: the log of a source, which forgets nothing. */
export interface Past {
  /**
   * The next events after a position of a log, in its order; undefined when that log can not be read here.
   * @throws Unavailable or LogUnavailable when it can not be read now
   */
  after(source: string, position: number, limit: number): Promise<RecordedEvent[] | undefined>;
  /**
   * Logs of other databases that a new consumer goes through before it follows its topics. Empty ones are not among them.
   * @throws Unavailable when nobody can tell now
   */
  others(): Promise<string[]>;
}

/** The past of the log that is in the consumer's own database. */
export const ownPast = (log: EventLog): Past => ({
  after: async (source, position, limit) => (source === log.identity ? log.history.after(position, limit) : undefined),
  others: async () => [],
});
