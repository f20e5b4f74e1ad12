import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** `queued`: to be sent. `sent`: the mailer has it for good. */
export type EmailState = 'queued' | 'sent';

/** An e-mail that was decided on, in the transaction that took the event; the sender sends it. */
@Entity('email')
export class Email {
  @PrimaryGeneratedColumn()
  id: number;

  /** The log and the event that it comes from. With the template it is unique: an event makes one e-mail. */
  @Column('text')
  source: string;

  @Column('text')
  event_id: string;

  @Column('text')
  template: string;

  @Column('text')
  recipient: string;

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

  @Column('text')
  state: EmailState;

  /** How often the mailer failed. */
  @Column('integer')
  failures: number;

  @Column('text', { nullable: true })
  error: string | null;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  created_at: number;

  @Column('integer', { nullable: true })
  sent_at: number | null;
}
