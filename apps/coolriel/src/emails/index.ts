export { catalogue } from './catalogue';
export { EMAIL_STATES, type EmailState } from './email';
export type { EmailDeclaration } from './email-declaration';
export { EmailsModule } from './emails.module';
export { toHtml, toText } from './layout';
export { type ListedEmail, ListEmails } from './list-emails';
