import { Email } from './email';
import { EmailAttempt } from './email-attempt';
import { RecipientLine } from './recipient-line';
import { CreateEmails1764000002000 } from './schema';

export const emailsTables = {
  entities: [Email, EmailAttempt, RecipientLine],
  migrations: [CreateEmails1764000002000],
};
