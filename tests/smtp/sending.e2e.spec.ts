import { simpleParser } from 'mailparser';
import { shopFolder } from '../shop-process';
import { MailServer, messageIdOf } from './mail-server';
import { MailingShop } from './mailing-shop';

const paths = (attempts: { reached: string; outcome: string }[]): string[] =>
  attempts.map(({ reached, outcome }) => `${reached} → ${outcome}`).toReversed();

describe('A shop that sends through a mail server', () => {
  const { folder, remove } = shopFolder();
  let server: MailServer;
  let shop: MailingShop;
  beforeAll(async () => {
    server = await MailServer.start();
    shop = await MailingShop.start(folder, server, {
      MAIL_REPLY_TO: 'comptoir@magasinducoin.ca',
      MAIL_BOUNCE_TO: 'retours@magasinducoin.ca',
      MAIL_TRIES: '3',
    });
    // The slow one: it takes its time while the others are looked at.
    await shop.goodbye(await shop.welcome('never@example.com'));
  });
  afterAll(async () => {
    await shop.process.end('SIGTERM');
    await server.stop();
    await remove();
  });

  it('hands over an e-mail that says where it comes from and where answers and bounces go', async () => {
    await shop.welcome('plain@example.com', 'Zoë, "Bcc: all@example.com" <x@example.com>');
    const [{ id, attempts, error }] = await shop.becomes('plain@example.com', 'sent');

    expect(paths(attempts)).toEqual(['sending → sent']);
    expect(error).toBeNull();
    const { from, message } = server.accepted.find(({ recipient }) => recipient === 'plain@example.com')!;
    expect(from).toBe('retours@magasinducoin.ca');
    const mail = await simpleParser(message);
    expect(mail.from?.value).toEqual([{ name: 'Magasin du Coin', address: 'bonjour@magasinducoin.ca' }]);
    expect(mail.replyTo?.value).toEqual([{ name: '', address: 'comptoir@magasinducoin.ca' }]);
    expect([mail.to].flat().flatMap((to) => to?.value)).toEqual([{ name: '', address: 'plain@example.com' }]);
    expect([mail.cc, mail.bcc]).toEqual([undefined, undefined]);
    expect(mail.subject).toContain('Zoë, "Bcc: all@example.com" <x@example.com>');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('x-auto-response-suppress')).toBe('OOF, AutoReply');
    expect(mail.headers.get('content-language')).toBe('fr-CA');
    expect(mail.messageId).toMatch(/^<evt-.+\.welcome\.[0-9a-f]{12}@magasinducoin\.ca>$/);
    expect(message.indexOf('text/plain')).toBeLessThan(message.indexOf('text/html'));
    const page = await (await fetch(`${shop.process.coolriel}/emails/${id}`)).text();
    expect(mail.html).toBe(page);
  });

  it('waits for a greylist, and keeps both attempts', async () => {
    await shop.welcome('greylist@example.com');
    const [{ attempts, failures }] = await shop.becomes('greylist@example.com', 'sent');

    expect(paths(attempts)).toEqual(['connecting → queued', 'sending → sent']);
    expect(attempts[1].error).toMatch(/451.*Greylisted/);
    expect(failures).toBe(1);
    expect(server.idsFor('greylist@example.com')).toHaveLength(1);
  });

  it.each([
    ['refuse', 'connecting → failed', /550.*No such user/],
    ['refuse-after-dot', 'sending → failed', /554.*spam/],
  ])('gives up at once when the server says %s', async (name, path, error) => {
    await shop.welcome(`${name}@example.com`);
    const [email] = await shop.becomes(`${name}@example.com`, 'failed');

    expect(paths(email.attempts)).toEqual([path]);
    expect(email.error).toMatch(error);
    expect(server.idsFor(`${name}@example.com`)).toEqual([]);
  });

  it('tries again when the server refuses it for now after the final dot', async () => {
    await shop.welcome('later-after-dot@example.com');
    const [{ attempts }] = await shop.becomes('later-after-dot@example.com', 'sent');

    expect(paths(attempts)).toEqual(['sending → queued', 'sending → sent']);
    expect(server.idsFor('later-after-dot@example.com')).toHaveLength(1);
  });

  it.each(['cut-before-data', 'hang-rcpt'])('tries again after a server that does %s', async (name) => {
    await shop.welcome(`${name}@example.com`);
    const [{ attempts }] = await shop.becomes(`${name}@example.com`, 'sent');

    expect(paths(attempts).slice(-2)).toEqual(['connecting → queued', 'sending → sent']);
    expect(server.idsFor(`${name}@example.com`)).toHaveLength(1);
  });

  it.each([
    ['cut-in-data', 0],
    ['cut-after-dot', 1],
    ['hang-after-dot', 1],
    ['stall', 0],
  ])('does not know what became of an e-mail after %s, and tries nothing more', async (name, accepted) => {
    const user = await shop.welcome(`${name}@example.com`);
    const [{ attempts, failures }] = await shop.becomes(`${name}@example.com`, 'unknown');

    expect(paths(attempts)).toEqual(['sending → unknown']);
    expect(failures).toBe(1);
    // It blocks nobody: the next e-mail to the same reader is on its way.
    await shop.goodbye(user);
    await server.reached('data', `${name}@example.com`, 2);
    const [, goodbye] = await shop.storiesOf(`${name}@example.com`);
    expect(goodbye.state).not.toBe('queued');
    const welcomes = server.idsFor(`${name}@example.com`).filter((id) => id.includes('.welcome.'));
    expect(welcomes).toHaveLength(accepted);
  });

  it('gives up at the limit, and lets the reader have the next one', async () => {
    const [welcome, goodbye] = await shop.becomes('never@example.com', 'failed', 'failed');

    for (const { attempts, error, failures } of [welcome, goodbye]) {
      expect(paths(attempts)).toEqual(['connecting → queued', 'connecting → queued', 'connecting → failed']);
      expect(error).toMatch(/452.*Mailbox full/);
      expect(failures).toBe(3);
    }
    // In order: the second was not tried before the first had failed.
    const moments = [welcome, goodbye].map(({ attempts }) => attempts.map(({ ended_at }) => ended_at).toSorted());
    expect(moments[1][0] >= moments[0][2]).toBe(true);
  }, 300_000);

  it('sends what a reader gets in the order in which it was decided, whatever others wait for', async () => {
    const users = await Promise.all(['a', 'b', 'c'].map((name) => shop.welcome(`order.${name}@example.com`)));
    await Promise.all(users.map((user) => shop.goodbye(user)));

    for (const name of ['a', 'b', 'c']) await shop.becomes(`order.${name}@example.com`, 'sent', 'sent');
    for (const name of ['a', 'b', 'c']) {
      const kinds = server.idsFor(`order.${name}@example.com`).map((id) => id.split('.')[1]);
      expect(kinds).toEqual(['welcome', 'goodbye']);
    }
  });

  it('has sent nothing twice', () => {
    const ids = server.accepted.map(({ message }) => messageIdOf(message));

    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});
