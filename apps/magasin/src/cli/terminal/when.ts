const UNITS: [seconds: number, name: string][] = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** `4 min` */
export function duration(seconds: number): string {
  const [size, name] = UNITS.find(([least]) => seconds >= least) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${name}`;
}

/** `4 min ago`, `in 40 s` */
export function relative(moment: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(moment) - now) / 1_000);
  return seconds > 0 ? `in ${duration(seconds)}` : `${duration(-seconds)} ago`;
}

/** `2026-11-23 16:00:41 (4 min ago)`, in UTC as in every log and answer. */
export const when = (moment: string): string => `${moment.slice(0, 19)}Z (${relative(moment)})`;
