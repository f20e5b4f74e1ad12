import { KeyedAnswer } from './idempotency-store';
import { CreateKeyedAnswers1764000000200 } from './schema';

/** What a served app needs in its database. */
export const hostingTables = { entities: [KeyedAnswer], migrations: [CreateKeyedAnswers1764000000200] };
