import type { Email } from './email';

/** What is told of an e-mail: all but its words, and what its senders keep to themselves. */
const SHOWN = [
  'id',
  'template',
  'recipient',
  'subject',
  'state',
  'failures',
  'error',
  'event_id',
  'correlation_id',
  'resend_of',
  'created_at',
  'sent_at',
] as const satisfies (keyof Email)[];

type Shown = Pick<Email, (typeof SHOWN)[number]>;

export interface EmailView extends Omit<Shown, 'created_at' | 'sent_at'> {
  created_at: string;
  sent_at: string | null;
}

/** The columns that a view needs. */
export const VIEWED = Object.fromEntries(SHOWN.map((name) => [name, true])) as Record<(typeof SHOWN)[number], true>;

export const toView = (email: Shown): EmailView => ({
  ...email,
  created_at: toIso(email.created_at),
  sent_at: email.sent_at === null ? null : toIso(email.sent_at),
});

export const toIso = (moment: number): string => new Date(moment).toISOString();
