import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../shop';
import { shopFolder, ShopProcess } from '../shop-process';
import { selfSigned } from './certificate';
import { MailServer } from './mail-server';
import { MailingShop } from './mailing-shop';

const LOGIN = { user: 'coolriel', password: 'hush "hush' };

describe('A shop whose mail server is away', () => {
  const { folder, remove } = shopFolder();
  afterAll(remove);

  it('pauses, and sends all of it when the server is back; no e-mail has lost an attempt', async () => {
    const before = await MailServer.start();
    const { port } = before;
    const shop = await MailingShop.start(folder, before, { MAIL_TRIES: '1' });
    await before.stop();

    const users = ['a', 'b', 'c'].map((name) => `away.${name}@example.com`);
    for (const user of users) await shop.welcome(user);
    await eventually(async () => {
      const [{ state, failures, error }] = await shop.storiesOf('away.a@example.com');
      expect({ state, error }).toEqual({ state: 'queued', error: expect.stringContaining('ECONNREFUSED') as string });
      expect(failures).toBeGreaterThanOrEqual(1);
    });
    for (const user of users) expect((await shop.storiesOf(user))[0].attempts).toEqual([]);

    const back = await MailServer.start({ port });
    for (const user of users) {
      const [{ attempts }] = await shop.becomes(user, 'sent');
      expect(attempts.map(({ outcome }) => outcome)).toEqual(['sent']);
    }
    expect(back.accepted).toHaveLength(3);
    await shop.process.end('SIGTERM');
    await back.stop();
  }, 300_000);
});

describe('A shop that logs in to its mail server', () => {
  const certificate = selfSigned();
  const { folder, remove } = shopFolder();
  const authority = join(folder, 'authority.pem');
  beforeAll(() => writeFileSync(authority, certificate.cert));
  afterAll(remove);

  const settings = (changes: Record<string, string> = {}): Record<string, string> => ({
    SMTP_HOST: 'localhost',
    SMTP_USER: LOGIN.user,
    SMTP_PASSWORD: LOGIN.password,
    NODE_EXTRA_CA_CERTS: authority,
    ...changes,
  });

  it.each(['starttls', 'tls'])('does so by %s', async (tls) => {
    const server = await MailServer.start({ ...certificate, ...LOGIN, secure: tls === 'tls' });
    const shop = await MailingShop.start(join(folder, tls), server, settings({ SMTP_TLS: tls }));

    await shop.welcome('grace@example.com');
    await shop.becomes('grace@example.com', 'sent');

    expect(server.accepted).toMatchObject([{ secure: true, user: LOGIN.user }]);
    await shop.process.end('SIGTERM');
    await server.stop();
  });

  it.each([
    ['does not know the password', { SMTP_PASSWORD: 'wrong one' }, /535/],
    ['has a certificate that nobody vouches for', { NODE_EXTRA_CA_CERTS: '' }, /self-signed certificate/],
    ['has a certificate for another name', { SMTP_HOST: '127.0.0.1' }, /not in the cert|does not match/],
  ])('sends nothing, and says why, when the server %s', async (name, changes, error) => {
    const server = await MailServer.start({ ...certificate, ...LOGIN });
    const home = join(folder, name.replaceAll(/\W/g, '-'));
    const shop = await MailingShop.start(home, server, settings({ SMTP_TLS: 'starttls', ...changes }));

    await shop.welcome('grace@example.com');
    await eventually(async () => {
      expect((await shop.storiesOf('grace@example.com'))[0].error).toMatch(error);
    });

    // It may be at the next try just now.
    const [story] = await shop.storiesOf('grace@example.com');
    expect(story.attempts).toEqual([]);
    expect(['queued', 'connecting']).toContain(story.state);
    expect(server.accepted).toEqual([]);
    expect(shop.process.output).toMatch(error);
    await shop.process.end('SIGTERM');
    for (const secret of [LOGIN.password, 'wrong one']) expect(shop.process.output).not.toContain(secret);
    await server.stop();
  });

  it('insists on STARTTLS where it is set', async () => {
    const server = await MailServer.start();
    const shop = await MailingShop.start(join(folder, 'plain'), server, { SMTP_TLS: 'starttls' });

    await shop.welcome('grace@example.com');
    await eventually(async () => expect((await shop.storiesOf('grace@example.com'))[0].error).toMatch(/STARTTLS/));

    expect(server.accepted).toEqual([]);
    await shop.process.end('SIGTERM');
    await server.stop();
  });
});

describe('The settings of a mail server', () => {
  const { folder, remove } = shopFolder();
  afterAll(remove);

  it.each([
    [{ MAILER: 'pigeon' }, 'MAILER', 'accepted is folder or smtp'],
    [{ SMTP_TLS: 'ssl' }, 'SMTP_TLS', 'accepted is off, starttls or tls'],
    [{ SMTP_TLS: 'off', SMTP_USER: 'me', SMTP_PASSWORD: 'hush' }, 'SMTP_TLS', 'the password would travel in the clear'],
    [{ SMTP_PORT: '465' }, 'SMTP_TLS', 'port 465 speaks tls from the first byte'],
    [{ SMTP_USER: 'me' }, 'SMTP_USER', 'SMTP_USER and SMTP_PASSWORD go together'],
    [{ SMTP_PASSWORD: 'hush' }, 'SMTP_USER', 'SMTP_USER and SMTP_PASSWORD go together'],
    [{ MAIL_FROM: 'a@b.example, c@d.example' }, 'MAIL_FROM', 'must be an e-mail address'],
    [{ MAIL_REPLY_TO: 'nobody' }, 'MAIL_REPLY_TO', 'must be an e-mail address'],
    [{ SMTP_CONNECTIONS: '0' }, 'SMTP_CONNECTIONS', 'must not be less than 1'],
  ])('are refused at start when they are %j', async (settings, name, message) => {
    const shop = ShopProcess.spawn(folder, { MAILER: 'smtp', ...settings });

    expect(await shop.ended).toBe(1);
    expect(shop.output).toContain(`The setting ${name} is `);
    expect(shop.output).toContain(message);
    expect(shop.output).not.toContain('hush');
  });
});
