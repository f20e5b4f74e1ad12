import { Email } from './email';
import { CreateEmails1764000002000 } from './schema';

export { EmailsModule } from './emails.module';
export const emailsTables = { entities: [Email], migrations: [CreateEmails1764000002000] };
