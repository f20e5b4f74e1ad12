import { localTimeWriter } from './local-time';

const inZone = (zone: string, moment: string): string => localTimeWriter(zone)(Date.parse(moment));

describe('localTimeWriter', () => {
  it('writes date and time with six digits of a second', () => {
    expect(inZone('America/Toronto', '2026-11-23T21:00:41.491Z')).toBe('2026-11-23 16:00:41.491000');
    expect(inZone('America/Toronto', '2026-01-05T05:06:07.008Z')).toBe('2026-01-05 00:06:07.008000');
  });

  it('writes UTC as it is', () => {
    expect(inZone('UTC', '2026-11-23T21:00:41.491Z')).toBe('2026-11-23 21:00:41.491000');
    expect(inZone('Etc/UTC', '1999-12-31T23:59:59.999Z')).toBe('1999-12-31 23:59:59.999000');
  });

  it('crosses the day and the year with the zone', () => {
    expect(inZone('Pacific/Kiritimati', '2026-12-31T10:00:00.000Z')).toBe('2027-01-01 00:00:00.000000');
    expect(inZone('America/New_York', '2027-01-01T04:59:59.999Z')).toBe('2026-12-31 23:59:59.999000');
  });

  it.each([
    ['Asia/Kolkata', '2026-06-01 05:30:00.000000'],
    ['Asia/Kathmandu', '2026-06-01 05:45:00.000000'],
    ['America/St_Johns', '2026-05-31 21:30:00.000000'],
    ['Pacific/Marquesas', '2026-05-31 14:30:00.000000'],
  ])('knows the part of an hour in %s', (zone, expected) => {
    expect(inZone(zone, '2026-06-01T00:00:00.000Z')).toBe(expected);
  });

  it('changes to and from summer time on the millisecond, with one writer', () => {
    const write = localTimeWriter('Europe/Berlin');
    const written = (moment: string): string => write(Date.parse(moment));

    expect(written('2026-03-29T00:59:59.999Z')).toBe('2026-03-29 01:59:59.999000');
    expect(written('2026-03-29T01:00:00.000Z')).toBe('2026-03-29 03:00:00.000000');
    expect(written('2026-10-25T00:59:59.999Z')).toBe('2026-10-25 02:59:59.999000');
    expect(written('2026-10-25T01:00:00.000Z')).toBe('2026-10-25 02:00:00.000000');
    expect(written('2026-03-29T00:59:59.999Z')).toBe('2026-03-29 01:59:59.999000');
  });

  it('follows a summer time of half an hour', () => {
    const write = localTimeWriter('Australia/Lord_Howe');

    expect(write(Date.parse('2026-04-04T14:59:59.999Z'))).toBe('2026-04-05 01:59:59.999000');
    expect(write(Date.parse('2026-04-04T15:00:00.000Z'))).toBe('2026-04-05 01:30:00.000000');
  });

  it('agrees with Intl in every quarter of an hour of a year', () => {
    const zone = 'America/St_Johns';
    const write = localTimeWriter(zone);
    const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    const start = Date.UTC(2026, 0, 1);

    const quarters = Array.from({ length: 4 * 24 * 365 }, (_, index) => start + index * 15 * 60_000);

    expect(quarters.filter((moment) => write(moment) !== `${clock.format(moment)}.000000`)).toEqual([]);
  });

  it('refuses an unknown time zone', () => {
    expect(() => localTimeWriter('Europe/Nowhere')).toThrow(RangeError);
  });
});
