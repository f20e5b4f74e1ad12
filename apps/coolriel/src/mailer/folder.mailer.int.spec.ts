import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { FolderMailer } from './folder.mailer';
import type { OutgoingEmail } from './mailer';

const email = (changes: Partial<OutgoingEmail> = {}): OutgoingEmail => ({
  recipient: 'grace@example.com',
  subject: 'Bienvenue au Magasin du Coin, Zoë',
  html: '<!doctype html>\n<p>Été : déjà là</p>\n',
  text: 'Été : déjà là\n\n-- \nMagasin du Coin\n',
  file: 'welcome_6',
  message_id: '<evt-1.welcome.2@magasinducoin.ca>',
  correlation_id: 'order-desk-17',
  created_at: Date.UTC(2026, 10, 23, 16, 0, 41),
  ...changes,
});

const ADDRESSES = {
  from: 'bonjour@magasinducoin.ca',
  replyTo: 'comptoir@magasinducoin.ca',
  bounceTo: 'retours@magasinducoin.ca',
};

describe('The folder mailer', () => {
  const home = mkdtempSync(join(tmpdir(), 'mailer-'));
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(home, 'case-')), 'out', 'put');
  });
  afterAll(() => rmSync(home, { recursive: true }));

  const read = (file: string): Buffer => readFileSync(join(folder, file));

  it('makes the folder, and leaves the two files of an e-mail and no other', async () => {
    await new FolderMailer(folder, ADDRESSES).send(email());

    expect(readdirSync(folder).toSorted()).toEqual(['welcome_6.eml', 'welcome_6.html']);
    expect(read('welcome_6.html').toString()).toBe(email().html);
  });

  it('writes what a mail program reads', async () => {
    await new FolderMailer(folder, ADDRESSES).send(email());

    const mail = await simpleParser(read('welcome_6.eml'));
    expect(mail.subject).toBe('Bienvenue au Magasin du Coin, Zoë');
    expect(mail.text).toBe(email().text);
    expect(mail.html).toBe(email().html);
    expect(mail.messageId).toBe('<evt-1.welcome.2@magasinducoin.ca>');
    expect(mail.date?.toISOString()).toBe('2026-11-23T16:00:41.000Z');
    expect(mail.from?.value).toEqual([{ name: 'Magasin du Coin', address: 'bonjour@magasinducoin.ca' }]);
    expect([mail.to].flat().flatMap((to) => to?.value)).toEqual([{ name: '', address: 'grace@example.com' }]);
    expect(mail.replyTo?.value).toEqual([{ name: '', address: 'comptoir@magasinducoin.ca' }]);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('x-correlation-id')).toBe('order-desk-17');
  });

  it('writes the same bytes again for the same e-mail, whoever writes them', async () => {
    await new FolderMailer(folder, ADDRESSES).send(email());
    const first = [read('welcome_6.eml'), read('welcome_6.html')];

    await new FolderMailer(folder, ADDRESSES).send(email());

    expect([read('welcome_6.eml'), read('welcome_6.html')]).toEqual(first);
  });

  it('replaces and removes what a crash left half written, and leaves what a living process is writing', async () => {
    mkdirSync(folder, { recursive: true });
    const part = (file: string, pid?: number): string => `${file}.${pid}-5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a.part`;
    const { pid: gone } = spawnSync(process.execPath, ['--version']);
    const living = part('welcome_7.html', process.ppid);
    for (const name of [part('welcome_6.html', gone), 'welcome_6.eml.part', living, 'welcome_6.html'])
      writeFileSync(join(folder, name), 'x'.repeat(100_000));

    await new FolderMailer(folder, ADDRESSES).send(email());

    expect(readdirSync(folder).toSorted()).toEqual(['welcome_6.eml', 'welcome_6.html', living]);
    expect(read('welcome_6.html').toString()).toBe(email().html);
  });

  it('leaves whole files and no others when several write the same e-mail at once', async () => {
    const mailers = [1, 2, 3, 4].map(() => new FolderMailer(folder, ADDRESSES));
    const long = email({ html: `<p>${'é'.repeat(200_000)}</p>` });

    for (let times = 0; times < 5; times++) await Promise.all(mailers.map((mailer) => mailer.send(long)));

    expect(readdirSync(folder).toSorted()).toEqual(['welcome_6.eml', 'welcome_6.html']);
    expect(read('welcome_6.html').toString()).toBe(long.html);
  });

  it('shows whole files only, while many are written and written again', async () => {
    const mailer = new FolderMailer(folder, ADDRESSES);
    const long = email({ html: `<p>${'é'.repeat(200_000)}</p>` });
    await mailer.send(long);
    let writing = true;

    const writes = (async () => {
      for (let times = 0; times < 15; times++) await mailer.send(long);
      writing = false;
    })();
    const seen = new Set<number>();
    while (writing) {
      seen.add(read('welcome_6.html').length);
      await new Promise((done) => setImmediate(done));
    }
    await writes;

    expect([...seen]).toEqual([Buffer.byteLength(long.html)]);
  });

  it('fails loudly when the folder can not be written, and works when it can', async () => {
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, '');
    const mailer = new FolderMailer(folder, ADDRESSES);

    await expect(mailer.send(email())).rejects.toThrow(/EEXIST|ENOTDIR/);
    rmSync(folder);
    await mailer.send(email());

    expect(readdirSync(folder).toSorted()).toEqual(['welcome_6.eml', 'welcome_6.html']);
  });

  it('lets no header in through a recipient or a subject', async () => {
    await new FolderMailer(folder, ADDRESSES).send(
      email({ subject: 'Hi\r\nBcc: all@example.com', recipient: 'grace@example.com\r\nX-Evil: 1' }),
    );

    const mail = await simpleParser(read('welcome_6.eml'));
    expect(mail.bcc).toBeUndefined();
    expect(mail.headers.has('x-evil')).toBe(false);
    expect(mail.subject).toBe('Hi Bcc: all@example.com');
  });
});
