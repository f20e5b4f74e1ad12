export { Mailer } from './mailer';
export { MailerModule } from './mailer.module';
