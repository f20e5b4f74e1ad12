import type { EventLog } from '@magasin/event-log';

/**
 * A unit of a consumer aims at this, in milliseconds. On SQLite commands wait for it; where units run at once it is as
 * long as a round trip for each of its statements makes it, and larger ones are quicker in all.
 */
const TURN_MS = { alone: 6, atOnce: 100 };
const LARGEST_BATCH = 500;

/** How many events make a unit: more while units are quick, fewer when they keep the others waiting. */
export class BatchSize {
  limit = 16;
  private readonly turnMs: number;

  constructor({ unitsAtOnce }: EventLog) {
    this.turnMs = unitsAtOnce ? TURN_MS.atOnce : TURN_MS.alone;
  }

  /** @param took how long a unit with so many events kept the database, in milliseconds */
  fit(size: number, took: number): void {
    if (took > this.turnMs * 2) this.limit = Math.max(1, Math.floor(this.limit / 2));
    else if (took < this.turnMs && size >= this.limit) this.limit = Math.min(LARGEST_BATCH, this.limit * 2);
  }
}
