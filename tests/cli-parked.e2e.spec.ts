import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, expectForPeople, MAIN, magasin, onTerminal } from './cli';
import { poison } from '../scripts/poison.cjs';
import { eventually, grace, openShop, type TestShop } from './shop';

const BROKEN = '{"event":"UserCreated"';

describe('A parked stream', () => {
  let shop: TestShop;
  let number = 900;
  const here = (): string[] => ['--url', shop.store, '--coolriel-url', shop.coolriel, '--who', 'Jane Doe'];
  const call = (args: string[], input?: string): Promise<Ended> => magasin([...args, ...here()], { input });
  const cured = (stream: string): string =>
    JSON.stringify({
      event: 'UserCreated',
      id: Number(stream.slice(5)),
      name: 'Cured',
      email: `${stream}@example.com`,
      user_type_id: 1,
      datetime: 'now',
    });
  const parked = async (payload = BROKEN): Promise<{ stream: string; position: number }> => {
    const id = number++;
    const stream = `user-${id}`;
    const position = await poison(shop.database, stream, payload);
    await shop.write(grace({ email: `wakes${id}@example.com` }));
    await eventually(async () => expect((await call(['parked', 'show', 'coolriel', stream])).code).toBe(0));
    return { stream, position };
  };

  beforeAll(async () => {
    shop = await openShop(undefined, { EDIT_PARKED_EVENTS: 'on' });
  });
  afterAll(() => shop.remove());

  it('is not there at first: nothing is on stdout, the person is told', async () => {
    expect(await call(['parked'])).toEqual({ code: 0, out: '', err: 'Nothing is parked.\n' });
    expect(await call(['parked', '--json'])).toEqual({ code: 0, out: '[]\n', err: '' });
  });

  it('is in a group, and shown with its text, all attempts and what to do next', async () => {
    const { stream, position } = await parked();

    const groups = await call(['parked']);
    const json = await call(['parked', '--json', '--consumer', 'coolriel']);
    const shown = await call(['parked', 'show', 'coolriel', stream]);
    const shownJson = await call(['parked', 'show', 'coolriel', stream, '--json']);

    const [{ error_key }] = JSON.parse(json.out) as { error_key: string }[];
    expect(groups.out).toMatch(
      new RegExp(`^coolriel {2}${error_key} +1 +1 +0 .* InvalidEvent: UserCreated can not`, 'm'),
    );
    expect(groups.err).toBe(`\nIts streams: npx magasin parked streams coolriel ${error_key}\n`);
    expect(shown.out).toMatch(new RegExp(`^${stream} is parked for coolriel\\. One event waits\\.$`, 'm'));
    expect(shown.out).toMatch(new RegExp(`^Event ${position}: UserCreated, version 1, revision 0$`, 'm'));
    expect(shown.out).toContain(`\n  text      ${BROKEN}\n`);
    expect(shown.out.match(/^ {2}failed {4}.*: (InvalidEvent|the same)/gm)!.length).toBeGreaterThanOrEqual(2);
    expect(shown.err).toContain(`npx magasin parked skip coolriel ${stream} ${position} --why '…'`);
    expect(JSON.parse(shownJson.out)).toMatchObject({ stream, events: [{ position, payload: BROKEN }] });
  });

  it('is tried again, and said to be parked once more', async () => {
    const { stream } = await parked();

    const { code, out, err } = await call(['parked', 'retry', 'coolriel', stream, '--why', 'a try']);

    expect({ code, out }).toEqual({ code: 4, out: `${stream} is tried again for coolriel.\n` });
    expect(err).toMatch(new RegExp(`^${stream} is parked again: InvalidEvent: `));
    const shown = await call(['audit', '--limit', '1']);
    expect(shown.out).toMatch(new RegExp(` Jane Doe +retry-stream +coolriel ${stream} +\\d+ +a try$`, 'm'));
  });

  it('gives its first event up to one of two clicks, for a reason, and is free', async () => {
    const { stream, position } = await parked();
    const skip = ['parked', 'skip', 'coolriel', stream, String(position), '--why', 'of no use', '--yes'];

    const silent = await call(skip.slice(0, -1));
    const clicks = (await Promise.all([call(skip), call(skip)])).toSorted((a, b) => a.code! - b.code!);
    const told = await call(['event', String(position)]);

    expect(silent.code).toBe(2);
    expect(clicks[0]).toEqual({
      code: 0,
      out: `Event ${position} of ${stream} is skipped for coolriel.\n`,
      err: `${stream} is free: nothing of it waits any more.\n`,
    });
    expect(clicks[1].code).toBe(1);
    expect(clicks[1].err).toMatch(/^(Stream not parked|Parked otherwise): /);
    expect(told.out).toMatch(/Z {2}recorded\n(.*Z {2}\S+: passed over.*\n)*.*Z {2}coolriel: failed, InvalidEvent: /);
    expect(told.out).toMatch(/Z {2}coolriel: skip-event by Jane Doe, "of no use"$/m);
  });

  it('gets another text from an argument, a file or a pipe, for its consumer only', async () => {
    for (const how of ['--data', '--file', '-']) {
      const { stream, position } = await parked();
      const file = join(shop.folder, 'cured.json');
      writeFileSync(file, cured(stream));
      const given = { '--data': ['--data', cured(stream)], '--file': ['--file', file], '-': ['--file', '-'] }[how]!;
      const edit = ['parked', 'edit', 'coolriel', stream, String(position), '--revision', '0', ...given];

      const { code, out, err } = await call([...edit, '--why', 'a typo', '--yes'], how === '-' ? cured(stream) : '');

      expect({ code, out, err }).toEqual({
        code: 0,
        out: `Event ${position} of ${stream} is edited for coolriel: it has revision 1.\n`,
        err: `${stream} is free: nothing of it waits any more.\n`,
      });
      const { out: told } = await call(['event', String(position)]);
      expect(told).toMatch(new RegExp(`^ {2}data {2}${BROKEN}$`, 'm'));
      expect(told).toMatch(
        /coolriel: edit-event by Jane Doe, "a typo"\n[^]*coolriel: handled, \d+ ms after it was recorded$/m,
      );
    }
  });

  it('keeps its text when the new one is wrong, not as it was seen, or when editing is off', async () => {
    const { stream, position } = await parked();
    const edit = (revision: string, data: string): Promise<Ended> =>
      call(
        ['parked', 'edit', 'coolriel', stream, String(position), '--revision', revision, '--why', 'x', '--yes'].concat([
          '--data',
          data,
        ]),
      );
    const careful = await openShop();

    const wrong = await edit('0', '{"event":"UserCreated","id":1}');
    const otherwise = await edit('7', cured(stream));
    const noJson = await edit('0', BROKEN);
    const off = await magasin(
      ['parked', 'edit', 'coolriel', stream, '1', '--revision', '0', '--data', '{}', '--why', 'x', '--yes'].concat([
        '--url',
        careful.store,
      ]),
    );
    await careful.remove();

    expect([wrong, otherwise, noJson, off].map(({ code }) => code)).toEqual([1, 1, 2, 1]);
    expect(wrong.err).toMatch(/^Edit refused\n( {2}#\/data: .+\n){5,}$/);
    expect(otherwise.err).toMatch(/^Parked otherwise: .* since revision 7\. Nothing was changed\.\n$/);
    expect(noJson.err).toMatch(/^Wrong usage: The new text is no JSON: /);
    expect(off.err).toMatch(/^Editing is off: .*EDIT_PARKED_EVENTS=on/);
    expect(JSON.parse((await call(['parked', 'show', 'coolriel', stream, '--json'])).out)).toMatchObject({
      events: [{ revision: 0, payload: BROKEN }],
    });
  });

  it('is edited in the editor of the person on a terminal, who is asked before', async () => {
    const { stream, position } = await parked();
    const editor = join(shop.folder, 'editor.sh');
    writeFileSync(editor, `#!/bin/sh\nprintf '%s' '${cured(stream)}' > "$1"\n`, { mode: 0o755 });
    const edit = ['parked', 'edit', 'coolriel', stream, String(position), '--why', 'x', ...here()];
    const environment = { EDITOR: `sh ${editor}`, VISUAL: '' };

    const no = await onTerminal(edit, { input: 'n\n', environment });
    const untouched = await onTerminal(edit, { environment: { ...environment, EDITOR: 'true' } });
    const yes = await onTerminal(edit, { input: 'y\n', environment });

    expect([no.code, untouched.code, yes.code]).toEqual([1, 1, 0]);
    expect(no.out).toMatch(/Your text is kept in \/\S+\s+Nothing was done: You did not say yes\./);
    expect(untouched.out).toContain('Nothing was done: The text is as it was.');
    expect(yes.out).toContain(`Event ${position} will have this text for coolriel, and be tried. Edit it? [y/N]`);
    expect(yes.out).toContain(`${stream} is free: nothing of it waits any more.`);
  });

  it('is free after an edit, also when its old text was tried while the editor was open', async () => {
    const { stream, position } = await parked();
    const retry = [MAIN, 'parked', 'retry', 'coolriel', stream, '--why', 'early', ...here()];
    const editor = join(shop.folder, 'slow-editor.sh');
    const lines = [
      `"${process.execPath}" ${retry.map((word) => `'${word}'`).join(' ')} > "${editor}.out" 2>&1`,
      `printf '%s' '${cured(stream)}' > "$1"`,
    ];
    writeFileSync(editor, lines.join('\n'));
    const edit = ['parked', 'edit', 'coolriel', stream, String(position), '--why', 'x', ...here()];

    const { code, out } = await onTerminal(edit, {
      input: 'y\n',
      environment: { EDITOR: `sh ${editor}`, VISUAL: '' },
    });

    expect(readFileSync(`${editor}.out`, 'utf8')).toContain(`${stream} is parked again: InvalidEvent`);
    expect(out).toContain(`${stream} is free: nothing of it waits any more.`);
    expect(code).toBe(0);
  });

  it('is shown on a terminal before it is skipped, and kept without a yes', async () => {
    const { stream, position } = await parked();
    const skip = ['parked', 'skip', 'coolriel', stream, String(position), '--why', 'x', ...here()];

    const no = await onTerminal(skip, { input: '\n' });

    expect(no.code).toBe(1);
    expect(no.out).toContain(`${stream} is parked for coolriel. One event waits.`);
    expect((await call(['parked', 'show', 'coolriel', stream])).code).toBe(0);
  });

  it('can not move the cursor or forge a line by what is in it', async () => {
    const { stream } = await parked('{"event":"\u001B[2J\u0007\n\u202Ereversed"');

    const { out } = await call(['parked', 'show', 'coolriel', stream]);

    expect(out).toContain(String.raw`{"event":"\u001b[2J\u0007`);
    expect(out).toContain(String.raw`\u202ereversed"`);
    for (const harmful of ['\u001B', '\u0007', '\u202E']) expect(out).not.toContain(harmful);
  });

  it.each([
    [['show', 'coolriel', 'user-1'], /^Stream not parked: user-1 is not parked for coolriel/],
    [['retry', 'coolriel', 'user-1', '--why', 'x'], /^Stream not parked: /],
    [['retry', 'coolriel', 'user-1', '--why', ''], /^Invalid input\n {2}#\/why: why must be one line/],
    [['streams', 'coolriel', 'x'], /^Invalid input\n {2}#\/error_key: /],
    [['streams', 'NOBODY', 'x'], /^Invalid input\n {2}#\/consumer: .+\n {2}#\/error_key: /],
  ])('is refused with all that is wrong: %j', async (args, message) => {
    const ended = await call(['parked', ...args]);

    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toMatch(message);
    expectForPeople(ended);
  });
});
