import { EventLog, isUniqueViolation, type UnitOfWork } from '@magasin/event-log';
import { Injectable } from '@nestjs/common';
import { change } from './change';
import { type Claim, claimEmails, type EmailInHand, LEASE_MS } from './claim-emails';
import { Email, type NewEmail } from './email';
import { noteAttempt, type Reached } from './email-attempt';
import { GroupedWrites } from './grouped-writes';
import type { Outcome } from './outcome';
import { leaveLine, lineUp, readerOf } from './recipient-line';

/**
 * The e-mails that are to be sent, as lines of readers. Every change of state names the state it comes from and the
 * token of the attempt, so whoever comes late changes nothing. Common SQL, prepared once: it runs for every e-mail.
 */
@Injectable()
export class EmailQueue {
  private readonly grouped: GroupedWrites;

  constructor(private readonly log: EventLog) {
    this.grouped = new GroupedWrites(log);
  }

  /** Puts an e-mail at the end of its reader's line. Undefined when it exists already: then nothing is changed. */
  async add(tx: UnitOfWork, email: NewEmail): Promise<number | undefined> {
    try {
      const { identifiers } = await tx.rows.insert(Email, email);
      await lineUp(tx, email.recipient, email.created_at);
      return (identifiers[0] as { id: number }).id;
    } catch (error) {
      if (isUniqueViolation(error)) return undefined;
      throw error;
    }
  }

  /** When the next line is due; undefined when nobody waits. */
  async nextDue(): Promise<number | undefined> {
    const [{ due_at }] = await this.log.reading.query<{ due_at: number | null }[]>(
      'SELECT min(due_at) AS due_at FROM recipient_line',
    );
    return due_at ?? undefined;
  }

  claim(claim: Claim): Promise<EmailInHand[]> {
    return claimEmails(this.log, claim);
  }

  /** Marks, durably, that the mail server may have it from now on. False when it is in other hands: send nothing. */
  begin({ id, attempt }: EmailInHand): Promise<boolean> {
    return this.grouped.write((tx) =>
      change(tx, "UPDATE email SET state = 'sending' WHERE id = ? AND attempt = ? AND state = 'connecting'", [
        id,
        attempt,
      ]),
    );
  }

  /**
   * Keeps how an attempt ended, and lets the next e-mail of the line go. Who was taken for lost may still tell what
   * became of his e-mail, as long as nobody else has decided. False when somebody has.
   */
  settle({ id, recipient, attempt }: EmailInHand, reached: Reached, outcome: Outcome): Promise<boolean> {
    const { state, error } = outcome;
    const again = outcome.state === 'queued' ? outcome : undefined;
    const due_at = again?.due_at ?? Date.now();
    return this.grouped.write(async (tx) => {
      const settled = await change(
        tx,
        `UPDATE email SET state = ?, error = ?, sent_at = ?, failures = failures + ?, tries = tries + ?
         WHERE id = ? AND attempt = ? AND state IN ('connecting', 'sending', 'unknown')`,
        [
          state,
          error,
          state === 'sent' ? Date.now() : null,
          Number(error !== null),
          Number(again?.counts ?? false),
          id,
          attempt,
        ],
      );
      if (!settled) return false;
      if (again?.counts ?? true) await noteAttempt(tx, { email_id: id, reached, outcome: state, error });
      const left = await leaveLine(tx, recipient, attempt, due_at);
      if (!left && again) await lineUp(tx, recipient, due_at);
      return true;
    });
  }

  /** Tells the others that what is in hand is not lost. */
  async hold(inHand: EmailInHand[]): Promise<void> {
    const due_at = Date.now() + LEASE_MS;
    await this.grouped.write(async (tx) => {
      for (const { recipient, attempt } of inHand) {
        await change(tx, 'UPDATE recipient_line SET due_at = ? WHERE recipient = ? AND attempt = ?', [
          due_at,
          readerOf(recipient),
          attempt,
        ]);
      }
    });
  }
}
