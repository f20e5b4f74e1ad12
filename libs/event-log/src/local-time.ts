const QUARTER_HOUR = 15 * 60_000;

/**
 * Writes moments as `2026-11-23 16:00:41.491000` in one time zone, the form that readers of the events print.
 * Zones change their offset on quarters of an hour only, so one look-up serves a quarter: Intl alone would cost
 * several microseconds an event.
 *
 * @throws RangeError for an unknown time zone.
 */
export function localTimeWriter(timeZone: string): (epochMilliseconds: number) => string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  let quarter = Number.NaN;
  let offset = 0;

  return (moment) => {
    if (Math.floor(moment / QUARTER_HOUR) !== quarter) {
      quarter = Math.floor(moment / QUARTER_HOUR);
      offset = offsetOf(format, moment);
    }
    return `${new Date(moment + offset).toISOString().slice(0, -1).replace('T', ' ')}000`;
  };
}

/** The zone's offset in milliseconds; `longOffset` reads `GMT-05:00`, or `GMT` alone for none. */
function offsetOf(format: Intl.DateTimeFormat, moment: number): number {
  const name = format.formatToParts(moment).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
