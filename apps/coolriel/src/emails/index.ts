export { catalogue } from './catalogue';
export { EMAIL_STATES, type EmailState } from './email';
export type { EmailDeclaration } from './email-declaration';
export type { ListedEmail } from './email-view';
export { EmailsModule } from './emails.module';
export { toHtml, toText } from './layout';
export { ListEmails } from './list-emails';
