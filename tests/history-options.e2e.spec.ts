import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, runHistory } from './history-process';
import { type Event, grace, openShop, type TestShop } from './shop';
import { shopFolder } from './shop-process';

describe('npm run history -- with options', () => {
  const { folder, remove } = shopFolder();
  let shop: TestShop;
  let events: Event[];
  beforeAll(async () => {
    shop = await openShop();
    await shop.write(grace({ name: 'Zoë "😀" \\', email: 'one@example.com' }));
    await shop.write(grace({ email: 'two@example.com' }));
    await shop.delete('/users/6');
    await shop.write(grace({ email: 'three@example.com' }));
    events = await shop.events();
  });
  afterAll(async () => {
    await shop.remove();
    await remove();
  });

  const run = (...options: string[]): Promise<Ended> => runHistory(folder, shop.database, options);
  /** The events that it writes as lines to standard output. */
  const lines = async (...options: string[]): Promise<Event[]> => {
    const { code, out, err } = await run('--format', 'ndjson', '--output', '-', ...options);
    const found = out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Event);
    expect({ code, err }).toEqual({ code: 0, err: `${found.length} events\n` });
    return found;
  };

  it('writes lines, the same that GET /events streams', async () => {
    const file = join(folder, 'output', 'events.ndjson');

    expect(await run('--format', 'ndjson')).toEqual({ code: 0, out: `4 events in ${file}\n`, err: '' });

    const streamed = await fetch(`${shop.store}/events`, { headers: { accept: 'application/x-ndjson' } });
    expect(readFileSync(file, 'utf8')).toBe(await streamed.text());
    expect(await lines()).toEqual(events);
  });

  it('writes one array of values to standard output, and nothing else', async () => {
    const { code, out, err } = await run('--output', '-');

    expect({ code, err }).toEqual({ code: 0, err: '4 events of users\n' });
    expect(JSON.parse(out)).toEqual(events.map(({ data }) => data));
  });

  it.each<[string[], number[]]>([
    [
      ['--type', 'UserDeleted,UserCreated', '--after', '2'],
      [3, 4],
    ],
    [
      ['--topic', 'user-events', '--type', 'UserCreated', '--limit', '2'],
      [1, 2],
    ],
    [
      ['--stream', 'user-6'],
      [1, 3],
    ],
    [['--stream', 'user-6', '--type', 'UserCreated'], [1]],
    [
      ['--from', '2000-01-01', '--to', '2999-01-01'],
      [1, 2, 3, 4],
    ],
    [['--to', '2000-01-01T00:00:00Z'], []],
  ])('writes with %j the events %j', async (options, expected) => {
    expect((await lines(...options)).map(({ position }) => position)).toEqual(expected);
  });

  it('takes moments as they are told, both included', async () => {
    const moment = events[2].recorded_at;

    const inside = await lines('--from', moment, '--to', moment);

    expect(inside).toEqual(events.filter(({ recorded_at }) => recorded_at === moment));
    expect(inside.map(({ position }) => position)).toContain(3);
  });

  it('writes the filtered values where it is told to, in a folder that it makes', async () => {
    const file = join(folder, 'some', 'where', 'deleted.json');

    expect(await run('--type', 'UserDeleted', '--output', file)).toEqual({
      code: 0,
      out: `1 events in ${file}\n`,
      err: '',
    });

    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual([events[2].data]);
  });

  it('writes through a link, and into a device, and replaces neither', async () => {
    const [real, link] = [join(folder, 'real.json'), join(folder, 'link.json')];
    writeFileSync(real, 'old');
    symlinkSync(real, link);

    expect(await run('--output', link)).toMatchObject({ code: 0 });
    expect(await run('--output', '/dev/null')).toMatchObject({ code: 0, out: '4 events of users in /dev/null\n' });

    expect(JSON.parse(readFileSync(real, 'utf8'))).toHaveLength(4);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it.each<[string[], RegExp]>([
    [['--type', 'UserVanished'], /There is no type "UserVanished"\. There are UserCreated, UserDeleted/],
    [['--topic', 'nobodys-events'], /There is no topic nobodys-events/],
    [['--to', '2026-02-30'], /'--to <moment>' argument '2026-02-30' is invalid/],
    [['--from', '2026-11-24', '--to', '2026-11-23'], /--from is after --to/],
    [['--limit', '0'], /'--limit <count>' argument '0' is invalid\. It must be a whole number, at least 1/],
    [['--frmat', 'lab'], /unknown option '--frmat'\n\(Did you mean --format\?\)/],
  ])('refuses %j, says why, and writes nothing', async (options, message) => {
    const elsewhere = join(folder, 'nothing');
    mkdirSync(elsewhere, { recursive: true });

    const { code, out, err } = await runHistory(elsewhere, shop.database, options);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n {4}at /);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('refuses a folder for a file, and a log that is none, in words', async () => {
    const notALog = join(folder, 'letter.txt');
    writeFileSync(notALog, 'Dear Ada, this is no database, however long one reads it. Yours, Grace.'.repeat(20));

    const intoFolder = await run('--output', folder);
    const ofALetter = await runHistory(folder, `sqlite:${notALog}`);

    expect(intoFolder).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/EISDIR/) as string });
    expect(ofALetter).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^The log in sqlite:.* can not be read/) as string,
    });
    for (const { err } of [intoFolder, ofALetter]) expect(err).not.toMatch(/\n {4}at /);
  });

  it('explains itself', async () => {
    const { code, out, err } = await run('--help');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Usage: npm run history -- \[options\]/);
    for (const option of ['type', 'topic', 'stream', 'from', 'to', 'after', 'limit', 'format', 'output']) {
      expect(out).toContain(`--${option} <`);
    }
    expect(existsSync(join(folder, '-'))).toBe(false);
  });
});
