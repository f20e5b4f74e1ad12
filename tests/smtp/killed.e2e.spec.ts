import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { shopFolder } from '../shop-process';
import { MailServer, messageIdOf } from './mail-server';
import { MailingShop, type Story } from './mailing-shop';

const ROUNDS = 8;

const path = ({ attempts }: Story): string[] => attempts.map(({ reached, outcome }) => `${reached} → ${outcome}`);

const repeated = (server: MailServer): string[] => {
  const ids = server.accepted.map(({ message }) => messageIdOf(message));
  return ids.filter((id, index) => ids.indexOf(id) !== index);
};

describe('A shop that is killed while it sends', () => {
  const { folder, remove } = shopFolder();
  let server: MailServer;
  beforeAll(async () => {
    server = await MailServer.start();
  });
  afterAll(async () => {
    await server.stop();
    await remove();
  });

  it('sends again what the mail server can not have, and asks a person about the rest', async () => {
    // Nobody is to give up on the mail server before the kill.
    const patient = { SMTP_TIMEOUT: '60' };
    const before = await MailingShop.start(folder, server, patient);
    const database = new Sqlite(join(folder, 'data', 'magasin.sqlite'));

    // Before DATA.
    await before.welcome('hold.rcpt@example.com');
    await server.reached('rcpt', 'hold.rcpt@example.com');
    // In the content, which is larger than all buffers on the way: changed while the e-mail before it is held.
    const user = await before.welcome('hold.stall@example.com');
    await server.reached('rcpt', 'hold.stall@example.com');
    await before.goodbye(user);
    await before.becomes('hold.stall@example.com', 'connecting', 'queued');
    database
      .prepare("UPDATE email SET html = ? WHERE recipient = 'hold.stall@example.com' AND template = 'goodbye'")
      .run('x'.repeat(60).concat('\n').repeat(300_000));
    server.goOn('hold.stall@example.com');
    await server.reached('data', 'hold.stall@example.com', 2);
    await before.becomes('hold.stall@example.com', 'sent', 'sending');
    // After the final dot, before the answer. The goodbye waits behind it.
    const other = await before.welcome('hang-after-dot@example.com');
    await server.reached('dot', 'hang-after-dot@example.com');
    await before.goodbye(other);
    await before.becomes('hang-after-dot@example.com', 'sending', 'queued');
    // After the server is ready for the content, before that is marked: the database is locked meanwhile.
    await before.welcome('hold.mark@example.com');
    await server.reached('rcpt', 'hold.mark@example.com');
    database.exec('BEGIN IMMEDIATE');
    server.goOn('hold.mark@example.com');
    await server.reached('data', 'hold.mark@example.com');

    await before.process.end('SIGKILL');
    database.exec('ROLLBACK');
    database.close();
    const after = await MailingShop.start(folder, server, patient);

    const [rcpt] = await after.becomes('hold.rcpt@example.com', 'sent');
    const [mark] = await after.becomes('hold.mark@example.com', 'sent');
    for (const email of [rcpt, mark]) expect(path(email)).toEqual(['sending → sent', 'connecting → queued']);
    const [, content] = await after.becomes('hold.stall@example.com', 'sent', 'unknown');
    // It blocks nobody: what came after it was sent.
    const [dot] = await after.becomes('hang-after-dot@example.com', 'unknown', 'sent');
    for (const email of [content, dot]) {
      expect(path(email)).toEqual(['sending → unknown']);
      expect(email.error).toMatch(/^The sender of this attempt ended/);
    }
    expect(repeated(server)).toEqual([]);
    expect(server.idsFor('hold.rcpt@example.com')).toHaveLength(1);
    expect(server.idsFor('hold.mark@example.com')).toHaveLength(1);
    expect(server.idsFor('hold.stall@example.com')).toHaveLength(1);
    expect(server.idsFor('hang-after-dot@example.com')).toHaveLength(2);
    await after.process.end('SIGKILL');
  }, 1_200_000);

  it(`never sends an e-mail twice, nor loses one in silence, through ${ROUNDS} kills at random moments`, async () => {
    const first = server.accepted.length;
    let number = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const shop = await MailingShop.start(folder, server);
      const kill = async (): Promise<void> => {
        await new Promise((done) => setTimeout(done, 50 + Math.random() * 500));
        await shop.process.end('SIGKILL');
      };
      const write = async (): Promise<void> => {
        for (;;) await shop.welcome(`random.${number++}@example.com`);
      };
      await Promise.all([kill(), ...Array.from({ length: 8 }, () => write().catch(() => undefined))]);
    }

    const shop = await MailingShop.start(folder, server);
    const left = async (): Promise<number> => {
      const open = ['queued', 'connecting', 'sending'].map((state) => shop.emails(`?state=${state}`));
      return (await Promise.all(open)).flat().length;
    };
    while ((await left()) > 0) await new Promise((done) => setTimeout(done, 200));

    expect(repeated(server)).toEqual([]);
    const accepted = new Set(server.accepted.slice(first).map(({ recipient }) => recipient));
    const emails = (await shop.emails()).filter(({ recipient }) => recipient.startsWith('random.'));
    expect(new Set(emails.map(({ recipient }) => recipient)).size).toBe(emails.length);
    const unknown = emails.filter(({ state }) => state === 'unknown');
    const sent = emails.filter(({ state }) => state === 'sent').map(({ recipient }) => recipient);
    expect(sent.length + unknown.length).toBe(emails.length);
    expect(sent.filter((recipient) => !accepted.has(recipient))).toEqual([]);
    // What the server has is sent, or nobody knows: it is never called failed or waits to be sent again.
    expect([...accepted].filter((one) => !emails.some(({ recipient }) => recipient === one))).toEqual([]);
    // At each kill, what was on the ten connections at most.
    expect(unknown.length).toBeLessThanOrEqual(ROUNDS * 10);
    process.stdout.write(
      `killed ${ROUNDS} times: ${emails.length} e-mails, ${sent.length} sent, ${unknown.length} unknown\n`,
    );
    expect(await shop.process.end('SIGTERM')).toBe(0);
  }, 1_200_000);
});

describe('A shop that is stopped while its mail server keeps it waiting', () => {
  const { folder, remove } = shopFolder();
  let server: MailServer;
  beforeAll(async () => {
    server = await MailServer.start();
  });
  afterAll(async () => {
    await server.stop();
    await remove();
  });

  it('ends all the same, gives back what is not begun, and says of the rest that nobody knows', async () => {
    const shop = await MailingShop.start(folder, server, { SMTP_TIMEOUT: '60' });
    await shop.welcome('hold.stop@example.com');
    await shop.welcome('hang-after-dot@example.com');
    await server.reached('rcpt', 'hold.stop@example.com');
    await server.reached('dot', 'hang-after-dot@example.com');

    expect(await shop.process.end('SIGTERM')).toBe(0);

    const again = await MailingShop.start(folder, server);
    const [held] = await again.becomes('hold.stop@example.com', 'sent');
    expect(path(held)).toEqual(['sending → sent', 'connecting → queued']);
    const [hanging] = await again.becomes('hang-after-dot@example.com', 'unknown');
    expect(path(hanging)).toEqual(['sending → unknown']);
    expect(repeated(server)).toEqual([]);
    expect(await again.process.end('SIGTERM')).toBe(0);
  }, 1_200_000);
});

describe('Two shops on one database', () => {
  const { folder, remove } = shopFolder();
  let server: MailServer;
  beforeAll(async () => {
    server = await MailServer.start();
  });
  afterAll(async () => {
    await server.stop();
    await remove();
  });

  it('share the e-mails, and one that was frozen sends nothing that the other has taken', async () => {
    const patient = { SMTP_TIMEOUT: '60' };
    const frozen = await MailingShop.start(folder, server, patient);
    await frozen.welcome('hold.frozen@example.com');
    await frozen.welcome('hang-after-dot@example.com');
    await server.reached('rcpt', 'hold.frozen@example.com');
    await server.reached('dot', 'hang-after-dot@example.com');
    await frozen.becomes('hang-after-dot@example.com', 'sending');
    frozen.process.child.kill('SIGSTOP');

    const awake = await MailingShop.start(folder, server, patient);
    const [taken] = await awake.becomes('hold.frozen@example.com', 'sent');
    await awake.becomes('hang-after-dot@example.com', 'unknown');
    expect(path(taken)).toEqual(['sending → sent', 'connecting → queued']);

    // The first one wakes up: the server is ready for what it held, and says that it has the other.
    server.goOn('hold.frozen@example.com');
    server.goOn('hang-after-dot@example.com');
    frozen.process.child.kill('SIGCONT');
    const [late] = await awake.becomes('hang-after-dot@example.com', 'sent');
    expect(path(late)).toEqual(['sending → sent', 'sending → unknown']);
    await server.reached('data', 'hold.frozen@example.com', 2);

    const users = Array.from({ length: 40 }, (_, index) => `many.${index}@example.com`);
    await Promise.all(users.map((email, index) => (index % 2 ? frozen : awake).welcome(email)));
    for (const email of users) await awake.becomes(email, 'sent');
    expect(await frozen.process.end('SIGTERM')).toBe(0);
    expect(await awake.process.end('SIGTERM')).toBe(0);
    expect(repeated(server)).toEqual([]);
    expect(server.idsFor('hold.frozen@example.com')).toHaveLength(1);
    expect(server.accepted).toHaveLength(42);
  }, 1_200_000);
});
