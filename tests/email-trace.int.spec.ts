import { SettingsModule } from '@magasin/hosting';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserCreated } from '@magasin/contracts';
import { currentTrace, EventLog } from '@magasin/event-log';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';
import { compose } from '../apps/coolriel/src/emails/compose';
import { Email } from '../apps/coolriel/src/emails/email';
import { EmailQueue } from '../apps/coolriel/src/emails/email-queue';
import { EmailsMetrics } from '../apps/coolriel/src/emails/emails.metrics';
import { EmailSender } from '../apps/coolriel/src/emails/sender';
import { emailsTables } from '../apps/coolriel/src/emails/tables';
import { welcome } from '../apps/coolriel/src/emails/welcome/welcome.email';
import { Mailer, MailerModule } from '../apps/coolriel/src/mailer';
import { CoolrielSettings } from '../apps/coolriel/src/settings';

describe('The sender of e-mails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sender-'));
  afterAll(() => {
    Logger.overrideLogger(true);
    rmSync(folder, { recursive: true });
  });

  it('logs what became of an e-mail as a part of the request that led to it', async () => {
    const logged: string[] = [];
    const note = (message: string): void => void logged.push(`${currentTrace()?.correlation_id}: ${message}`);
    const log = await EventLog.open({ url: `sqlite:${join(folder, 'sender.sqlite')}`, ...emailsTables });
    const queue = new EmailQueue(log);
    const settings = Object.assign(new CoolrielSettings(), { OUTPUT_FOLDER: join(folder, 'output') });
    const imports = [SettingsModule.of(CoolrielSettings, settings), MailerModule];
    const mailer = (await Test.createTestingModule({ imports }).compile()).get(Mailer, { strict: false });
    // After the testing module, which brings a logger of its own.
    Logger.overrideLogger({ log: note, warn: note, error: note });
    const event = UserCreated.of({ id: 6, name: 'Ada', email: 'ada@example.com', user_type_id: 1 });
    const email = compose(welcome, Object.assign(event, { datetime: '2026-11-23 16:00:41.491000' }), {
      position: 1,
      id: '01a20b55-3f91-7d02-adc7-68a0031b78a3',
      type: 'UserCreated',
      stream: 'user-6',
      version: 1,
      payload: '{}',
      metadata: '{"correlation_id":"desk-17"}',
      occurredAt: 1_795_469_000_000,
      source: 'a-log',
      consumer: 'coolriel',
    });
    await log.transaction((tx) => queue.add(tx, email!));

    const sender = new EmailSender(queue, mailer, settings, new EmailsMetrics(new Registry(), log));
    sender.onApplicationBootstrap();
    while (logged.length === 0) await new Promise((done) => setTimeout(done, 10));
    await sender.onApplicationShutdown();

    expect(logged).toEqual(['desk-17: e-mail 1 (welcome) sent']);
    expect(readFileSync(join(folder, 'output', 'welcome_6.eml'), 'utf8')).toMatch(/^X-Correlation-Id: desk-17$/im);
    expect((await log.reading.manager.findOneByOrFail(Email, { id: 1 })).state).toBe('sent');
    await log.close();
  });
});
