export { missingEmails, type MissingEmail } from './missing-emails';
export { EmailDoubts } from './email-doubts';
export { EmailRepair } from './email-repair';
export { EmailsModule } from './emails.module';
export { emailsTables } from './tables';
