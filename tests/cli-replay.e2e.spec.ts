import { magasin, onTerminal, shell } from './cli';
import { eventually } from './shop-process';
import { openWorkshop, type Workshop } from './workshop';

interface Instance {
  instance: string;
  purpose: string;
  state: string;
}

describe('A replay', () => {
  let workshop: Workshop;
  const call = (...args: string[]) => magasin([...args, '--url', workshop.url, '--who', 'Jane Doe']);
  const instances = async (): Promise<Instance[]> =>
    (await fetch(`${workshop.url}/admin/instances`)).json() as Promise<Instance[]>;
  const range = ['replay', '--consumer', 'letters', '--from', '1', '--to', '3'];
  const token = async (): Promise<string> =>
    (JSON.parse((await call(...range, '--dry-run', '--json')).out) as { token: string }).token;

  beforeEach(async () => {
    workshop = await openWorkshop();
    await workshop.record(1, 2, 3);
    await eventually(async () => expect(workshop.written.size).toBe(3));
    for (const position of [1, 3]) workshop.written.delete(position);
  });
  afterEach(() => workshop.remove());

  it('tells in its dry run what would go to whom, and makes nothing', async () => {
    const { code, out, err } = await call(...range, '--dry-run');

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n\nTo make them:')[0])
      .toBe(`A replay of 1 to 3 into letters makes what is missing, and nothing twice.
  events      3
  effects     2

EVENT  TYPE         STREAM  WOULD MAKE
    1  UserCreated  user-1  template letter, recipient user1@example.com
    3  UserCreated  user-3  template letter, recipient user3@example.com`);
    expect(workshop.written.size).toBe(1);
    expect(await instances()).toEqual([]);
  });

  it('is begun by the very command that the dry run has printed, and followed to its end', async () => {
    const { out } = await call(...range, '--dry-run');
    const command = /^ {2}npx (magasin replay .*) --why '…'$/m.exec(out)![1];

    const done = await shell(`${command} --why 'the printer was empty' --yes`);

    expect(command).toContain(` --url ${workshop.url} --who 'Jane Doe' `);
    expect(done).toEqual({
      code: 0,
      out: 'letters@replay-1 is done.\n',
      err: 'letters@replay-1 has begun, and goes on in the shop when you end this by Ctrl+C.\n',
    });
    expect([...workshop.written.values()].toSorted()).toEqual(
      [1, 2, 3].map((id) => `user${id}@example.com`).toSorted(),
    );
    expect((await call('instances')).out).toMatch(/^letters@replay-1 +replay +done +1 +3 +\d+ s ago/m);
    expect((await call('audit')).out).toMatch(/ Jane Doe +replay +letters@replay-1 .* the printer was empty$/m);
  });

  it('is refused when what would be made is not what the dry run showed, or another one is running', async () => {
    const seen = await token();
    workshop.written.delete(2);

    const changed = await call(...range, '--token', seen, '--why', 'x', '--yes');

    expect(changed.code).toBe(1);
    expect(changed.err).toMatch(/^Replay changed: What would be replayed is not what that dry run showed\./);
    workshop.jammed.add(1);
    const fresh = ['--token', await token(), '--why', 'x', '--yes', '--no-wait'];
    const twice = await Promise.all([call(...range, ...fresh), call(...range, ...fresh)]);
    expect(twice.map(({ code }) => code).toSorted()).toEqual([0, 1]);
    expect(await instances()).toMatchObject([{ instance: 'letters@replay-1', state: 'running' }]);
  });

  it('ends with 4 when a part of it is parked', async () => {
    workshop.jammed.add(1);

    const { code, out } = await call(...range, '--token', await token(), '--why', 'x', '--yes');

    expect({ code, out }).toEqual({
      code: 4,
      out: 'letters@replay-1 has come to its end with one stream parked: npx magasin parked\n',
    });
    expect((await call('parked')).out).toMatch(/^letters@replay-1 /m);
  });

  it('needs a dry run, a reason and a yes', async () => {
    const answers = await Promise.all([
      call(...range),
      call(...range, '--token', 'x'),
      call(...range, '--token', 'x', '--why', 'x'),
      call(...range, '--token', 'x', '--dry-run'),
      call('replay', '--consumer', 'letters', '--from', '1', '--to', 'last', '--dry-run'),
    ]);
    const asked = await onTerminal([...range, '--token', 'x', '--why', 'x', '--url', workshop.url], { input: 'n\n' });

    expect(answers.map(({ code }) => code)).toEqual(Array(5).fill(2));
    expect(answers[0].err).toMatch(/--dry-run tells what would be made/);
    expect(answers[2].err).toMatch(/say --yes\.$/m);
    expect(asked.code).toBe(1);
    expect(asked.out).toContain('Replay 1 to 3? [y/N]');
    expect(await instances()).toEqual([]);
  });

  it('into nobody, of nothing, of a strange type, is refused', async () => {
    const dry = (...args: string[]) => call('replay', ...args, '--dry-run');
    const answers = await Promise.all([
      dry('--consumer', 'nobody', '--from', '1', '--to', '3'),
      dry('--consumer', 'letters', '--from', '8', '--to', '9'),
      dry('--consumer', 'letters', '--from', '1', '--to', '3', '--types', 'UserCreated,UserSung'),
    ]);

    expect(answers.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(answers.map(({ err }) => err)).toEqual([
      'Consumer not here: There is no consumer nobody in this app. It has: letters, stock-overview, orders, best-sellers, highest-spenders.\n',
      'Invalid input\n  #/from: there is no event from 8 to 9\n',
      'Invalid input\n  #/types: letters does not handle UserSung. It handles UserCreated.\n',
    ]);
  });
});

describe('A rebuild', () => {
  it('is followed until it is what is read', async () => {
    const workshop = await openWorkshop();
    await workshop.record(1, 2, 3);
    const call = (...args: string[]) => magasin([...args, '--url', workshop.url]);

    const rebuilt = await call('rebuild', 'letters', '--why', 'another printer');
    const json = await call('rebuild', 'letters', '--why', 'yet another', '--json');
    const unknown = await call('rebuild', 'nobody', '--why', 'x');
    await workshop.remove();

    expect([rebuilt.code, json.code, unknown.code]).toEqual([0, 0, 1]);
    expect(rebuilt.out).toMatch(/^letters@2 is active: it is what is read now\.$/m);
    expect(JSON.parse(json.out)).toMatchObject({ instance: 'letters@3', purpose: 'rebuild' });
    expect(json.err).toBe('');
  });
});
