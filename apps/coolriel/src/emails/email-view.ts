import { ApiProperty } from '@nestjs/swagger';
import { type Email, EMAIL_STATES, type EmailState } from './email';
import type { EmailAttempt } from './email-attempt';

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
  'message_id',
  'correlation_id',
  'resend_of',
  'created_at',
  'sent_at',
] as const satisfies (keyof Email)[];

export type ListedEmail = Pick<Email, (typeof SHOWN)[number]>;

const MOMENT = { format: 'date-time', example: '2026-11-23T16:00:41.495Z' } as const;

export class EmailView implements Omit<ListedEmail, 'created_at' | 'sent_at'> {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ example: 'welcome' })
  template: string;

  @ApiProperty({ example: 'grace@example.com' })
  recipient: string;

  @ApiProperty({ example: 'Bienvenue au Magasin du Coin, Grace Hopper' })
  subject: string;

  @ApiProperty({ enum: EMAIL_STATES, example: 'sent' })
  state: EmailState;

  @ApiProperty({
    type: 'integer',
    description:
      'How often it was tried in vain, for whatever reason: of these, a mail server that was away costs no try.',
    example: 0,
  })
  failures: number;

  @ApiProperty({ type: String, nullable: true, description: 'What the mailer said last.', example: null })
  error: string | null;

  @ApiProperty({ example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' })
  event_id: string;

  @ApiProperty({
    description: 'As the mail server and its reader see it.',
    example: '<evt-1.welcome.2@magasinducoin.ca>',
  })
  message_id: string;

  @ApiProperty({ type: String, nullable: true, description: 'Of the request that led to it.', example: '8e03978e' })
  correlation_id: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The e-mail that this is a copy of.', example: null })
  resend_of: number | null;

  @ApiProperty(MOMENT)
  created_at: string;

  @ApiProperty({ type: String, nullable: true, ...MOMENT })
  sent_at: string | null;
}

class EmailAttemptView implements Pick<EmailAttempt, 'reached' | 'outcome' | 'error'> {
  @ApiProperty(MOMENT)
  ended_at: string;

  @ApiProperty({ type: String, description: 'How far it came.', example: 'sending' })
  reached: EmailAttempt['reached'];

  @ApiProperty({ type: String, description: 'What became of the e-mail.', example: 'sent' })
  outcome: EmailAttempt['outcome'];

  @ApiProperty({ type: String, nullable: true, example: null })
  error: string | null;
}

class EmailRepairView {
  @ApiProperty(MOMENT)
  at: string;

  @ApiProperty({ example: 'Jane Doe' })
  who: string;

  @ApiProperty({ example: 'The mail server has it in its log.' })
  why: string;

  @ApiProperty({ example: 'mark-email-sent' })
  action: string;
}

export class EmailStory extends EmailView {
  @ApiProperty({
    type: String,
    nullable: true,
    ...MOMENT,
    description: 'When its line is looked at next: it is tried then if it is the first that its reader is to get.',
  })
  line_due_at: string | null;

  @ApiProperty({ type: [EmailAttemptView], description: 'The newest first, 100 at most.' })
  attempts: EmailAttemptView[];

  @ApiProperty({ type: [EmailRepairView], description: 'What people did about it alone, oldest first.' })
  repairs: EmailRepairView[];
}

/** The columns that a view needs. */
export const VIEWED = Object.fromEntries(SHOWN.map((name) => [name, true])) as Record<(typeof SHOWN)[number], true>;

export const toView = (email: ListedEmail): EmailView => ({
  ...email,
  created_at: toIso(email.created_at),
  sent_at: email.sent_at === null ? null : toIso(email.sent_at),
});

export const toIso = (moment: number): string => new Date(moment).toISOString();
