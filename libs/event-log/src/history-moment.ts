import { isISO8601 } from 'class-validator';

const DAY = /^\d{4}-\d\d-\d\d$/;
// ISO 8601 has forms that Date reads as another moment or as none: 2026-W48, 20261123, a time without its zone.
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

const DAY_MS = 86_400_000;

/**
 * The first and the last millisecond of what a text names: a day in UTC (`2026-11-23`), or a moment with its zone
 * (`2026-11-23T16:00:41.491Z`), where both are the same. Undefined for anything else.
 */
export function spanOf(text: string): { first: number; last: number } | undefined {
  const day = DAY.test(text);
  const first = (day || MOMENT.test(text)) && isISO8601(text, { strict: true }) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(first) ? undefined : { first, last: day ? first + DAY_MS - 1 : first };
}
