import { Email } from './email';
import { EmailAttempt } from './email-attempt';
import { RecipientLine } from './recipient-line';
import { AddReaders1764000002100, CreateEmails1764000002000 } from './schema';

export const emailsTables = {
  entities: [Email, EmailAttempt, RecipientLine],
  migrations: [CreateEmails1764000002000, AddReaders1764000002100],
};
