import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * `queued`: to be sent. `connecting`: a sender has it, and the mail server nothing of it. `sending`: from here on the mail
 * server may have it. `sent`: the mailer has it for good. `failed`: given up. `unknown`: the mail server may have it or
 * not, and a person decides.
 */
export const EMAIL_STATES = ['queued', 'connecting', 'sending', 'sent', 'failed', 'unknown'] as const;

export type EmailState = (typeof EMAIL_STATES)[number];

/** The states in which an e-mail stays until a person decides. */
export const IN_DOUBT = ['failed', 'unknown'] as const satisfies EmailState[];

export type InDoubt = (typeof IN_DOUBT)[number];

/** An e-mail that was decided on, in the transaction that took the event; the sender sends it. */
@Entity('email')
export class Email {
  @PrimaryGeneratedColumn()
  id: number;

  /** The log and the event that it comes from. With template and copy it is unique: an event makes one e-mail. */
  @Column('text')
  source: string;

  @Column('text')
  event_id: string;

  @Column('text')
  template: string;

  /** 0, or the number of this copy when a person had it sent once more. */
  @Column('integer')
  copy: number;

  /** The e-mail that this one is a copy of. Unique, so that an e-mail is sent once more only once. */
  @Column('integer', { nullable: true })
  resend_of: number | null;

  @Column('text')
  recipient: string;

  /** Whose line it waits in; the table makes it of the recipient, as `readerOf` does. */
  @Column({ type: 'text', insert: false, update: false, select: false })
  reader: string;

  @Column('text')
  subject: string;

  @Column('text')
  html: string;

  @Column('text')
  text: string;

  @Column('text')
  file: string;

  @Column('text')
  message_id: string;

  /** Of the request that led to it; null when its event was recorded outside of any. */
  @Column('text', { nullable: true })
  correlation_id: string | null;

  @Column('text')
  state: EmailState;

  /** The token of the last attempt to send it: only who has it may say how that attempt went. */
  @Column('text', { nullable: true })
  attempt: string | null;

  /** How often it was tried in vain, for whatever reason. */
  @Column('integer')
  failures: number;

  /** Those that count: at the limit it is `failed`. A mail server that is away costs none. */
  @Column('integer')
  tries: number;

  @Column('text', { nullable: true })
  error: string | null;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  created_at: number;

  @Column('integer', { nullable: true })
  sent_at: number | null;
}

export type NewEmail = Omit<Email, 'id' | 'reader'>;
