import { isISO8601 } from 'class-validator';

const DAY = /^\d{4}-\d\d-\d\d$/;
// ISO 8601 has forms that Date reads as another moment or as none: 2026-W48, 20261123, a time without its zone.
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

// Those that can be written again in four digits: by its zone, 9999-12-31T23:59-01:00 is in the year 10000.
const FIRST = Date.parse('0000-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

const DAY_MS = 86_400_000;

/**
 * The first and the last millisecond of what a text names: a day in UTC (`2026-11-23`), or a moment with its zone
 * (`2026-11-23T16:00:41.491Z`), where both are the same. Undefined for anything else.
 */
export function spanOf(text: string): { first: number; last: number } | undefined {
  const day = DAY.test(text);
  const first = (day || MOMENT.test(text)) && isISO8601(text, { strict: true }) ? Date.parse(text) : Number.NaN;
  return first >= FIRST && first <= LAST ? { first, last: day ? first + DAY_MS - 1 : first } : undefined;
}
