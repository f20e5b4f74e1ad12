import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Ended, expectForPeople, magasin, onTerminal } from './cli';
import { CONSUMERS, grace, openShop, type ProblemDocument, type TestShop } from './shop';

const NOBODY = 'http://localhost:1098';

describe('magasin', () => {
  let shop: TestShop;
  const call = (...args: string[]): Promise<Ended> =>
    magasin([...args, '--url', shop.store, '--coolriel-url', shop.coolriel]);

  beforeAll(async () => {
    shop = await openShop();
    await shop.write(grace({ name: '格蕾丝 😀' }));
    await shop.sent(1);
  });
  afterAll(() => shop.remove());

  it('tells how far the consumers are, to a person and to a program', async () => {
    const person = await call('consumers');
    const program = await call('consumers', '--json');

    expect(person).toMatchObject({ code: 0, err: '' });
    expect(person.out).toMatch(/^CONSUMER +STATE +POSITION +OF +BEHIND BY +PARKED STREAMS +PARKED EVENTS +SEEN\n/);
    expect(person.out).toMatch(/^coolriel +running +1 +1 +0 s +0 +0 +\d s ago$/m);
    expect(JSON.parse(program.out)).toMatchObject(
      CONSUMERS.map((consumer) => ({ consumer, state: 'running', position: 1, head: 1 })),
    );
  });

  it('tells an event with its way to the mailbox, by position or by UUID', async () => {
    const [{ id }] = await shop.events();
    const others = CONSUMERS.filter((consumer) => consumer !== 'coolriel');

    const told = await call('event', '1');
    const json = await call('event', id, '--json');

    expect(told).toMatchObject({ code: 0, err: '' });
    expect(told.out).toMatch(/^Event 1: UserCreated, version 1 of user-6, \d+ s ago$/m);
    const story = told.out.split('\n\n')[1].trimEnd().split('\n');
    expect(story.map((line) => line.replace(/^\S+ {2}/, '').replace(/\d+ ms/, 'N ms')).toSorted()).toEqual(
      [
        'recorded',
        'coolriel: handled, N ms after it was recorded',
        'e-mail 1 (welcome to grace@example.com): queued',
        'e-mail 1 (welcome to grace@example.com): sent',
        ...others.map((consumer) => `${consumer}: passed over, it has no handler for this type`),
      ].toSorted(),
    );
    expect(story.map((line) => line.split(' ')[0])).toEqual(story.map((line) => line.split(' ')[0]).toSorted());
    expect(JSON.parse(json.out)).toMatchObject({
      position: 1,
      id,
      way: CONSUMERS.toSorted().map((consumer) => ({
        consumer,
        state: consumer === 'coolriel' ? 'handled' : 'skipped',
      })),
    });
  });

  it('lists the e-mails, and nothing where there is nothing', async () => {
    const emails = await call('emails', '--state', 'sent');
    const none = await call('emails', '--state', 'queued');

    expect(emails.out).toMatch(/^ *1 +sent .* welcome +grace@example\.com +-$/m);
    expect(none).toEqual({ code: 0, out: '', err: 'There is no such e-mail.\n' });
    expect((await call('instances')).err).toBe('Nothing was rebuilt or replayed yet.\n');
    expect((await call('audit')).err).toBe('Nobody has repaired anything yet.\n');
    expect(JSON.parse((await call('audit', '--json')).out)).toEqual({ items: [], nextCursor: null });
  });

  it('cuts lines off for a terminal, and never for a pipe', async () => {
    const wide = await onTerminal(['emails', '--coolriel-url', shop.coolriel], {}, 60);
    const pipe = await call('emails');

    const lines = wide.out.split('\n').filter((line) => line.includes('welcome'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('grace@examp…');
    expect(pipe.out).toContain('grace@example.com');
  });

  it('gives a program the problem document as it came', async () => {
    const { code, out, err } = await call('event', '99', '--json');

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(JSON.parse(err)).toEqual((await shop.get('/events/99')).body);
  });

  it('says on one line what is wrong with its options', async () => {
    const none = await magasin(['audit', '--limit', '0', '--url', shop.store]);
    const unknown = await magasin(['consumers', '--urll', shop.store]);

    for (const { code, out } of [none, unknown]) expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(none.err).toMatch(/^Wrong usage: .*'--limit <n>'.* It must be at least 1\. See magasin --help.*\n$/);
    expect(unknown.err).toMatch(
      /^Wrong usage: unknown option '--urll' \(Did you mean --url\?\)\. See magasin --help.*\n$/,
    );
  });

  it('finds the shop by the settings and by .env', async () => {
    const { port } = new URL(shop.store);
    const coolriel = new URL(shop.coolriel).port;
    writeFileSync(join(shop.folder, '.env'), `HOST=localhost\nSTORE_MANAGER_PORT=${port}\nCOOLRIEL_PORT=${coolriel}\n`);

    const byEnvironment = await magasin(['consumers'], { environment: { STORE_MANAGER_PORT: port } });
    const byFile = await magasin(['emails'], { cwd: shop.folder });
    const anyPort = await magasin(['consumers'], { environment: { STORE_MANAGER_PORT: '0' } });
    const wrong = await magasin(['consumers'], { environment: { STORE_MANAGER_PORT: 'x' } });

    expect([byEnvironment.code, byFile.code, anyPort.code, wrong.code]).toEqual([0, 0, 2, 2]);
    expect(byFile.out).toContain('grace@example.com');
    expect(anyPort.err).toMatch(/^Wrong usage: STORE_MANAGER_PORT is 0, any free port: give the URL by --url\./);
    expect(wrong.err).toMatch(/^Wrong usage: The setting STORE_MANAGER_PORT is "x": /);
  });

  it.each([
    ['the shop', '--url', ['consumers', '--url', NOBODY]],
    ['the shop', '--url', ['parked', 'retry', 'coolriel', 'user-1', '--why', 'x', '--url', NOBODY]],
    ['coolriel', '--coolriel-url', ['emails', '--coolriel-url', NOBODY]],
  ])('says that nobody answers for %s, and how to give another place: %s', async (name, option, args) => {
    const ended = await magasin(args);
    const json = await magasin([...args, '--json']);

    expect(ended).toMatchObject({ code: 3, out: '' });
    expect(ended.err).toMatch(`Not reached: nobody answers for ${name} at ${NOBODY} (`);
    expect(ended.err).toContain(`Another place is given by ${option}`);
    expectForPeople(ended);
    expect(json).toMatchObject({ code: 3, out: '' });
    expect((JSON.parse(json.err) as ProblemDocument).detail).toContain(NOBODY);
  });

  it('is not taken in by another program at that place', async () => {
    const other = createServer(({ url }, answer) => {
      answer.statusCode = url === '/admin/consumers' ? 200 : 500;
      answer.end('<h1>It works!</h1>');
    }).listen(0);
    const url = `http://localhost:${(other.address() as AddressInfo).port}`;

    const page = await magasin(['consumers', '--url', url]);
    const failing = await magasin(['instances', '--url', url]);
    other.close();

    expect(page.code).toBe(3);
    expect(page.err).toContain('/admin/consumers is not JSON there, so it is no Magasin');
    expect(failing.code).toBe(1);
    expect(failing.err).toContain(`${url}/admin/instances answered 500 without saying why.`);
  });

  it.each([
    [[], 'Say what to do.'],
    [['sing'], "unknown command 'sing'."],
    [['consumers', '--loud'], "unknown option '--loud'."],
    [['parked', 'sing'], 'too many arguments'],
    [['parked', 'show', 'coolriel'], "missing required argument 'stream'."],
    [['parked', 'retry', 'coolriel', 'user-1'], "required option '--why <reason>' not specified."],
    [['parked', 'skip', 'coolriel', 'user-1', 'first', '--why', 'x'], 'It must be a whole number.'],
    [['parked', 'edit', 'coolriel', 'user-1', '1', '--why', 'x', '--data', '{}', '--yes'], 'Say by --revision'],
    [['parked', 'edit', 'coolriel', 'user-1', '1', '--why', 'x', '--yes'], 'there is no terminal for an editor'],
    [['parked', 'edit', 'c', 's', '1', '--revision', '0', '--why', 'x', '--file', 'none'], 'The file can not be read'],
    [['audit', '--limit', '1', '--all'], 'cannot be used with'],
    [['consumers', '--url', 'http://'], 'http:// is no URL.'],
    [['emails', 'send-again', '--why', 'x', '--yes'], 'Say which: the id of one e-mail, or --all.'],
    [['emails', 'send-again', '--all', '--why', 'x', '--yes'], 'Say which of them by --state'],
    [['emails', 'resend', '1', '--why', 'x'], 'say --yes.'],
  ])('ends with 2 when it is called by %j', async (args, message) => {
    const url = args.includes('--url') ? [] : ['--url', shop.store];
    const ended = await magasin([...args, ...url, '--coolriel-url', shop.coolriel]);

    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain(message);
    expectForPeople(ended);
  });

  it('does not look for the e-mails of one shop at another', async () => {
    const { code, err } = await magasin(['emails', '--url', shop.store]);

    expect(code).toBe(2);
    expect(err).toContain('give it by --coolriel-url too');
  });

  it('explains itself', async () => {
    const [all, one] = await Promise.all([magasin(['--help']), magasin(['parked', 'skip', '--help'])]);

    for (const help of [all, one]) expect(help).toMatchObject({ code: 0, err: '' });
    expect(all.out).toContain('It ends with 0: done; 1: refused');
    expect(one.out).toMatch(/^Usage: magasin parked skip \[options\] <consumer> <stream> <position>$/m);
    expect(one.out).toContain('--url <url>');
  });

  it('is run by npx from the root, without a network', async () => {
    const child = spawn('npx', ['--offline', 'magasin', 'consumers', '--json', '--url', shop.store], {
      cwd: resolve(),
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const code = await new Promise((done) => child.once('close', done));

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject(CONSUMERS.map((consumer) => ({ consumer })));
  });
});
