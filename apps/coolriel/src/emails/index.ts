import { Email } from './email';
import { CreateEmails1764000002000 } from './schema';

export { catalogue } from './catalogue';
export type { EmailState } from './email';
export type { EmailDeclaration } from './email-declaration';
export { EmailsModule } from './emails.module';
export { toHtml, toText } from './layout';
export { type ListedEmail, ListEmails } from './list-emails';
export const emailsTables = { entities: [Email], migrations: [CreateEmails1764000002000] };
