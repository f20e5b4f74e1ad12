import type { UnitOfWork } from '@magasin/event-log';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { change } from './change';
import type { EmailState } from './email';

/** How far an attempt came: `sending` when the mail server may have got something of the content. */
export type Reached = 'connecting' | 'sending';

/** One attempt to send an e-mail, kept for good. Those that found the mail server away are not: nothing was tried. */
@Entity('email_attempt')
export class EmailAttempt {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('integer')
  email_id: number;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  ended_at: number;

  @Column('text')
  reached: Reached;

  /** The state that it left the e-mail in. */
  @Column('text')
  outcome: EmailState;

  @Column('text', { nullable: true })
  error: string | null;
}

export async function noteAttempt(tx: UnitOfWork, attempt: Omit<EmailAttempt, 'id' | 'ended_at'>): Promise<void> {
  const { email_id, reached, outcome, error } = attempt;
  await change(tx, 'INSERT INTO email_attempt (email_id, ended_at, reached, outcome, error) VALUES (?, ?, ?, ?, ?)', [
    email_id,
    Date.now(),
    reached,
    outcome,
    error,
  ]);
}
