export { Mailer, MailerAway, MailRefused, OutcomeUnknown } from './mailer';
export { MailerModule } from './mailer.module';
