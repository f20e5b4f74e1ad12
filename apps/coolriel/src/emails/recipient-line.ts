import { orUpdate, type UnitOfWork } from '@magasin/event-log';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { change } from './change';

/**
 * The e-mails of one reader that wait or are being sent form a line: one row, locked by whoever adds an e-mail, takes
 * the first one or ends it. So a reader gets his e-mails in order, and what is next is found without looking at them all.
 */
@Entity('recipient_line')
export class RecipientLine {
  /** As `readerOf` writes it. */
  @PrimaryColumn('text')
  recipient: string;

  /** When its first e-mail may be taken. While a sender has it: when that sender counts as lost. */
  @Column('integer')
  due_at: number;

  /** The token of the attempt that holds the line. */
  @Column('text', { nullable: true })
  attempt: string | null;
}

/** The mailbox of an address: Ada@ and ada@ are one, as for the table of the users, É@ and é@ are two. */
export const readerOf = (address: string): string => address.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());

/** Makes sure that a reader who has an e-mail to get has a line, and locks it. One that is there stays as it is. */
export async function lineUp(tx: UnitOfWork, recipient: string, due_at: number): Promise<void> {
  await change(
    tx,
    `INSERT INTO recipient_line (recipient, due_at) VALUES (?, ?)
     ${orUpdate(tx.rows, 'recipient', () => 'due_at = recipient_line.due_at')}`,
    [readerOf(recipient), due_at],
  );
}

/** Lets the line's first e-mail be taken at once, unless somebody has it. */
export async function hurry(tx: UnitOfWork, recipient: string): Promise<void> {
  await lineUp(tx, recipient, Date.now());
  await change(tx, 'UPDATE recipient_line SET due_at = ? WHERE recipient = ? AND attempt IS NULL', [
    Date.now(),
    readerOf(recipient),
  ]);
}

/**
 * Lets a line go that an attempt holds: it is due at that moment, or ends when nobody waits in it. Its row is locked
 * before that look: who adds an e-mail meanwhile waits, and makes a line anew. False when the attempt does not hold it any more.
 */
export async function leaveLine(tx: UnitOfWork, recipient: string, attempt: string, due_at: number): Promise<boolean> {
  const reader = readerOf(recipient);
  const left = await change(
    tx,
    'UPDATE recipient_line SET attempt = NULL, due_at = ? WHERE recipient = ? AND attempt = ?',
    [due_at, reader, attempt],
  );
  if (!left) return false;
  // Not in one statement: MySQL's would wait for an e-mail that is being added, whose unit waits for this line.
  const [waiting] = await tx.rows.query<object[]>("SELECT 1 FROM email WHERE reader = ? AND state = 'queued' LIMIT 1", [
    reader,
  ]);
  if (!waiting) await change(tx, 'DELETE FROM recipient_line WHERE recipient = ?', [reader]);
  return true;
}
