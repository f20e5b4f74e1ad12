import { Global, Module } from '@nestjs/common';
import { CoolrielSettings } from '../settings';
import { FolderMailer } from './folder.mailer';
import { Mailer } from './mailer';
import type { Addresses } from './message';
import { SmtpMailer } from './smtp.mailer';

/** Where the mailer is chosen: the only place that names one. */
@Global()
@Module({
  providers: [{ provide: Mailer, inject: [CoolrielSettings], useFactory: toMailer }],
  exports: [Mailer],
})
export class MailerModule {}

function toMailer(settings: CoolrielSettings): Mailer {
  const { MAIL_FROM, MAIL_REPLY_TO, MAIL_BOUNCE_TO } = settings;
  const addresses: Addresses = {
    from: MAIL_FROM,
    replyTo: MAIL_REPLY_TO || MAIL_FROM,
    bounceTo: MAIL_BOUNCE_TO || MAIL_FROM,
  };
  if (settings.MAILER === 'folder') return new FolderMailer(settings.OUTPUT_FOLDER, addresses);
  const server = {
    host: settings.SMTP_HOST,
    port: settings.SMTP_PORT,
    tls: settings.SMTP_TLS,
    ...(settings.SMTP_USER && { user: settings.SMTP_USER, password: settings.SMTP_PASSWORD }),
    timeoutMs: settings.SMTP_TIMEOUT * 1_000,
  };
  return new SmtpMailer(server, addresses, settings.SMTP_CONNECTIONS);
}
