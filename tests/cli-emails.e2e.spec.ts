import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { type Ended, expectForPeople, magasin, onTerminal } from './cli';
import { type Email, eventually, grace, openShop, type TestShop } from './shop';

/** Refuses whom it has not yet learned to know, and breaks off after the content for `cut`. */
class Postman {
  readonly known = new Set<string>();
  readonly delivered: string[] = [];
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      if (address.startsWith('cut') || this.known.has(address)) return done();
      done(Object.assign(new Error('No such user here'), { responseCode: 550 }));
    },
    onData: (stream, session, done) => {
      const [{ address }] = session.envelope.rcptTo;
      stream.resume().once('end', () => {
        this.delivered.push(address);
        if (this.known.has(address)) done();
        else for (const connection of this.server.connections) connection.close();
      });
    },
  });

  async open(): Promise<number> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return (this.server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((done) => this.server.close(done));
  }
}

describe('E-mails that did not go', () => {
  const postman = new Postman();
  let shop: TestShop;
  const here = (): string[] => ['--coolriel-url', shop.coolriel, '--who', 'Jane Doe'];
  const call = (...args: string[]): Promise<Ended> => magasin(['emails', ...args, ...here()]);
  const repair = (...args: string[]): Promise<Ended> => call(...args, '--why', 'a test', '--yes');
  const emailTo = async (email: string): Promise<Email> =>
    (await shop.emails()).find(({ recipient }) => recipient === email)!;
  const written = async (email: string, state: string): Promise<number> => {
    await shop.write(grace({ email }));
    await eventually(async () => expect(await emailTo(email)).toMatchObject({ state }));
    return (await emailTo(email)).id;
  };
  const reaches = (id: number, state: string): Promise<void> =>
    eventually(async () => expect((await shop.emails()).find((email) => email.id === id)).toMatchObject({ state }));

  beforeAll(async () => {
    const SMTP_PORT = String(await postman.open());
    shop = await openShop(undefined, { MAILER: 'smtp', SMTP_HOST: '127.0.0.1', SMTP_PORT, SMTP_TLS: 'off' });
  });
  afterAll(async () => {
    await shop.remove();
    await postman.close();
  });

  it('are listed, grouped by their cause, and shown with every attempt', async () => {
    const id = await written('one@example.com', 'failed');
    await written('two@example.com', 'failed');

    const list = await call('--state', 'failed');
    const doubts = await call('doubts');
    const shown = await call('show', String(id));
    const json = await call('show', String(id), '--json');

    expect(list.out).toMatch(/^ *\d+ +failed .* one@example\.com +.*No such user here/m);
    expect(doubts.out).toMatch(/^failed +2 +\d+ +\d+ +.*No such user here/m);
    expect(shown.out).toMatch(new RegExp(`^E-mail ${id} is failed\\.\n {2}to {8}one@example\\.com$`, 'm'));
    expect(shown.out).toMatch(/^ {2}attempt {3}.*No such user here/m);
    expect(JSON.parse(json.out)).toMatchObject({ id, state: 'failed', attempts: [{ outcome: expect.any(String) }] });
  });

  it('are sent again once, one by one', async () => {
    const id = await written('three@example.com', 'failed');
    postman.known.add('three@example.com');

    const clicks = await Promise.all([1, 2].map(() => repair('send-again', String(id))));

    await reaches(id, 'sent');
    const [done, late] = clicks.toSorted((a, b) => a.code! - b.code!);
    expect(done).toEqual({ code: 0, out: `E-mail ${id} is queued.\n`, err: '' });
    expect(late.code).toBe(1);
    expect(late.err).toMatch(/^Email not in doubt: E-mail \d+ is (queued|connecting|sending|sent): /);
    expect(postman.delivered.filter((address) => address === 'three@example.com')).toHaveLength(1);
  });

  it('are sent again as a group, by one cause or all of them', async () => {
    for (const name of ['one', 'two']) postman.known.add(`${name}@example.com`);
    await written('four@example.com', 'failed');

    const none = await repair('send-again', '--all', '--state', 'failed', '--error', 'The moon is full');
    const all = await repair('send-again', '--all', '--state', 'failed');

    expect(none).toEqual({ code: 0, out: '0 e-mails are queued.\n', err: '' });
    expect(all).toEqual({ code: 0, out: '3 e-mails are queued.\n', err: '' });
    await reaches((await emailTo('two@example.com')).id, 'sent');
    await reaches((await emailTo('four@example.com')).id, 'failed');
  });

  it('are marked as sent when they are known to have arrived, which goes into the audit', async () => {
    const id = await written('cut@example.com', 'unknown');
    const before = postman.delivered.length;

    const { code, out } = await repair('mark-sent', String(id));
    const again = await repair('mark-sent', String(id));

    expect({ code, out }).toEqual({ code: 0, out: `E-mail ${id} is marked as sent.\n` });
    expect(again.code).toBe(1);
    expect(postman.delivered).toHaveLength(before);
    const { out: audit } = await magasin(['audit', '--limit', '1', '--url', shop.store]);
    expect(audit).toMatch(new RegExp(` Jane Doe +mark-email-sent +email ${id} +\\d+ +a test$`, 'm'));
  });

  it('are sent once more as a copy, once', async () => {
    postman.known.add('five@example.com');
    const id = await written('five@example.com', 'sent');

    const { code, out } = await repair('resend', String(id));
    const again = await repair('resend', String(id));

    const copy = Number(/^E-mail (\d+) is queued, a copy of e-mail \d+\.$/m.exec(out)![1]);
    expect(code).toBe(0);
    await reaches(copy, 'sent');
    expect(again.code).toBe(1);
    expect(again.err).toContain(`E-mail ${id} was sent once more as e-mail ${copy}.`);
    expect((await call('show', String(copy))).out).toContain(`  copy of   e-mail ${id}\n`);
  });

  it('are told in the way of their event, and asked about on a terminal', async () => {
    const id = await written('six@example.com', 'failed');
    const [{ position }] = (await shop.events()).slice(-1);

    const told = await magasin(['event', String(position), '--url', shop.store, ...here()]);
    const no = await onTerminal(['emails', 'send-again', String(id), '--why', 'x', ...here()], { input: 'no\n' });

    expect(told.out).toMatch(/^\S+Z +e-mail \d+ \(welcome to six@example\.com\): failed, .*No such user here$/m);
    expect(no.code).toBe(1);
    expect(no.out).toContain('its reader may get it a second time. Send it again? [y/N]');
    expect(await emailTo('six@example.com')).toMatchObject({ state: 'failed' });
  });

  it.each([
    [['show', '99'], /^Email not found: There is no e-mail 99\./],
    [['resend', '99', '--why', 'x', '--yes'], /^Email not found: /],
    [['--state', 'lost'], /^Invalid input\n {2}#\/state: /],
  ])('are not there: %j', async (args, message) => {
    const ended = await call(...args);

    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toMatch(message);
    expectForPeople(ended);
  });
});
