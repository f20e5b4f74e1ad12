// `node bench/smtp.mjs`: the sender with its three durable states for each e-mail, against nodemailer's own pool without
// any. Both in this process, to one mail server in another, over as many connections, by turns.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import { createTransport } from 'nodemailer';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const built = (path) => require(`../dist/${path}.js`);
const { EventLog } = built('libs/event-log/src/index');
const { UserCreated } = built('libs/contracts/src/index');
const { compose } = built('apps/coolriel/src/emails/compose');
const { EmailQueue } = built('apps/coolriel/src/emails/email-queue');
const { EmailSender } = built('apps/coolriel/src/emails/sender');
const { emailsTables } = built('apps/coolriel/src/emails/tables');
const { welcome } = built('apps/coolriel/src/emails/welcome/welcome.email');
const { SmtpMailer } = built('apps/coolriel/src/mailer/smtp.mailer');

Logger.overrideLogger(['fatal', 'error', 'warn']);

const COUNT = Number(process.argv[2] ?? 5_000);
const ROUNDS = 3;
const CONNECTIONS = 10;
const ADDRESS = 'bonjour@magasinducoin.ca';

const server = fork(join(import.meta.dirname, 'smtp-server.mjs'));
const [{ port }] = await once(server, 'message');
const taken = async () => {
  server.send('taken');
  return (await once(server, 'message'))[0].taken;
};

function email(number) {
  const facts = { id: number, name: 'Grace Hopper', email: `reader${number}@example.com`, user_type_id: 1 };
  const event = Object.assign(UserCreated.of(facts), { datetime: '2026-11-23 16:00:41.491000' });
  return compose(welcome, event, {
    id: `01a20b55-3f91-7d02-adc7-${String(number).padStart(12, '0')}`,
    source: 'bench',
    metadata: '{}',
  });
}

/** Nodemailer alone: its pool, the same messages, nothing kept. */
async function plain() {
  const pool = createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
  });
  const emails = Array.from({ length: COUNT }, (_, number) => email(number));
  const started = performance.now();
  await Promise.all(
    emails.map(({ recipient, subject, html, text, message_id }) =>
      pool.sendMail({ from: ADDRESS, to: recipient, subject, html, text, messageId: message_id }),
    ),
  );
  const took = performance.now() - started;
  pool.close();
  return took;
}

/** The sender: every e-mail is a row, and its way through the states is committed. */
async function durable() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-smtp-'));
  const log = await EventLog.open({ url: `sqlite:${folder}/bench.sqlite`, ...emailsTables });
  const queue = new EmailQueue(log);
  for (let number = 0; number < COUNT; number += 100) {
    await log.transaction(async (tx) => {
      for (let one = number; one < Math.min(COUNT, number + 100); one++) await queue.add(tx, email(one));
    });
  }
  const smtp = { host: '127.0.0.1', port, tls: 'off', timeoutMs: 60_000 };
  const mailer = new SmtpMailer(smtp, { from: ADDRESS, replyTo: ADDRESS, bounceTo: ADDRESS }, CONNECTIONS);
  const sender = new EmailSender(queue, mailer, { MAIL_TRIES: 30 }, { sent: { inc: () => undefined } });
  const started = performance.now();
  sender.onApplicationBootstrap();
  const left = async () => (await log.reading.query('SELECT 1 FROM recipient_line LIMIT 1')).length;
  while ((await left()) > 0) await new Promise((done) => setTimeout(done, 5));
  const took = performance.now() - started;
  await sender.onApplicationShutdown();
  const [{ sent }] = await log.reading.query("SELECT count(*) AS sent FROM email WHERE state = 'sent'");
  if (sent !== COUNT) throw new Error(`${sent} of ${COUNT} sent`);
  await log.close();
  rmSync(folder, { recursive: true });
  return took;
}

const rates = { plain: [], durable: [] };
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries({ plain, durable })) {
    const before = await taken();
    rates[name].push((COUNT / (await run())) * 1_000);
    if ((await taken()) - before !== COUNT) throw new Error(`${name}: not each e-mail came once`);
  }
}
server.disconnect();

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const [alone, kept] = [median(rates.plain), median(rates.durable)];
process.stdout
  .write(`e-mails to a local mail server, ${CONNECTIONS} connections, median of ${ROUNDS} rounds of ${COUNT}:
  nodemailer's pool alone   ${alone.toFixed(0)} e-mails/s
  the sender, durable       ${kept.toFixed(0)} e-mails/s (bar: 500), ${(kept / alone).toFixed(2)} of it
`);
