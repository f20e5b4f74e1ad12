import { randomUUID } from 'node:crypto';
import { dialectOf, type EventLog, type UnitOfWork } from '@magasin/event-log';
import { Logger } from '@nestjs/common';
import { change } from './change';
import type { Email } from './email';
import { noteAttempt, type Reached } from './email-attempt';
import { leaveLine, readerOf, type RecipientLine } from './recipient-line';

/** A sender that has not been heard of for so long counts as lost, and what it had in hand is anybody's. */
export const LEASE_MS = 10_000;

const logger = new Logger('sender');

const LOST = 'The sender of this attempt ended, or was not heard of any more.';

/** An e-mail that a sender of this process has in hand. */
export type EmailInHand = Email & { attempt: string };

export interface Claim {
  /** So many e-mails at most, each the first one of its reader's line. */
  limit: number;
  /** The attempts of this process: it is not lost, even if it was frozen for a while. */
  mine: ReadonlySet<string>;
  /** The mailer's: whether an e-mail that is sent twice is still there once. */
  harmless: boolean;
}

/**
 * Takes e-mails whose line is due. What a lost sender had in hand is queued again when the mail server can not have it
 * or when having it twice is harmless, and `unknown` otherwise.
 */
export async function claimEmails(log: EventLog, { limit, mine, harmless }: Claim): Promise<EmailInHand[]> {
  const due = await log.reading.query<RecipientLine[]>(
    'SELECT recipient, due_at, attempt FROM recipient_line WHERE due_at <= ? ORDER BY due_at, recipient LIMIT ?',
    [Date.now(), limit + mine.size],
  );
  const lines = due.filter(({ attempt }) => attempt === null || !mine.has(attempt)).slice(0, limit);
  if (lines.length === 0) return [];
  return log.transaction(async (tx) => {
    const claimed: EmailInHand[] = [];
    for (const line of await freeOf(tx, lines)) {
      const email = await claimFirst(tx, line, harmless);
      if (email) claimed.push(email);
    }
    return claimed;
  }, 'consumer');
}

/**
 * Those that no other unit has locked. A sender waits for nobody: units that add e-mails lock the lines of their readers
 * in any order, and would meet it crosswise. SQLite has one unit at a time.
 */
async function freeOf(tx: UnitOfWork, lines: RecipientLine[]): Promise<RecipientLine[]> {
  if (dialectOf(tx.rows) === 'sqlite') return lines;
  const free = await tx.rows.query<Pick<RecipientLine, 'recipient'>[]>(
    `SELECT recipient FROM recipient_line WHERE recipient IN (${lines.map(() => '?').join()}) FOR UPDATE SKIP LOCKED`,
    lines.map(({ recipient }) => recipient),
  );
  const names = new Set(free.map(({ recipient }) => recipient));
  return lines.filter(({ recipient }) => names.has(recipient));
}

async function claimFirst(tx: UnitOfWork, line: RecipientLine, harmless: boolean): Promise<EmailInHand | undefined> {
  const { recipient, due_at } = line;
  const attempt = randomUUID();
  const held = await change(
    tx,
    'UPDATE recipient_line SET attempt = ?, due_at = ? WHERE recipient = ? AND due_at = ?',
    [attempt, Date.now() + LEASE_MS, recipient, due_at],
  );
  if (!held) return undefined;
  if (line.attempt !== null) await recover(tx, line, harmless);
  const [email] = await tx.rows.query<Email[]>(
    "SELECT * FROM email WHERE reader = ? AND state = 'queued' ORDER BY id LIMIT 1",
    [readerOf(recipient)],
  );
  if (!email) {
    await leaveLine(tx, recipient, attempt, Date.now());
    return undefined;
  }
  await change(tx, "UPDATE email SET state = 'connecting', attempt = ? WHERE id = ? AND state = 'queued'", [
    attempt,
    email.id,
  ]);
  return { ...email, state: 'connecting', attempt };
}

async function recover(tx: UnitOfWork, { recipient, attempt }: RecipientLine, harmless: boolean): Promise<void> {
  const [lost] = await tx.rows.query<{ id: number; state: Reached }[]>(
    "SELECT id, state FROM email WHERE reader = ? AND state IN ('connecting', 'sending') AND attempt = ?",
    [readerOf(recipient), attempt],
  );
  if (!lost) return;
  const outcome = lost.state === 'sending' && !harmless ? 'unknown' : 'queued';
  const recovered = await change(
    tx,
    'UPDATE email SET state = ?, error = ?, failures = failures + 1 WHERE id = ? AND attempt = ? AND state = ?',
    [outcome, LOST, lost.id, attempt, lost.state],
  );
  if (recovered && outcome === 'unknown') tx.afterCommit(() => logger.warn(`e-mail ${lost.id} unknown: ${LOST}`));
  if (recovered) await noteAttempt(tx, { email_id: lost.id, reached: lost.state, outcome, error: LOST });
}
