import { LogUnavailable } from '@magasin/event-log';
import { MailerAway, MailRefused, OutcomeUnknown } from '../mailer';
import type { Email } from './email';

/** How an attempt ended, and with that what becomes of the e-mail. */
export type Outcome =
  | { state: 'sent'; error: null }
  | { state: 'failed' | 'unknown'; error: string }
  /** To be tried again at `due_at`. `counts`: it was the e-mail's own attempt, and is kept. */
  | { state: 'queued'; error: string | null; due_at: number; counts: boolean };

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 4 * 3_600_000;

export const SENT: Outcome = { state: 'sent', error: null };

/** Not tried at all: it is somebody else's turn, at once. */
export const givenBack = (): Outcome => ({ state: 'queued', error: null, due_at: Date.now(), counts: false });

/** @param limit with so many tries that count it is given up */
export function outcomeOf(error: unknown, { tries }: Pick<Email, 'tries'>, limit: number): Outcome {
  const text = lineOf(error);
  if (error instanceof OutcomeUnknown) return { state: 'unknown', error: text };
  if (isOutage(error)) return { state: 'queued', error: text, due_at: Date.now(), counts: false };
  const refused = error instanceof MailRefused && error.permanent;
  if (refused || tries + 1 >= limit) return { state: 'failed', error: text };
  return { state: 'queued', error: text, due_at: Date.now() + delayAfter(tries), counts: true };
}

/** True for what every other e-mail would meet too: the sender pauses. */
export const isOutage = (error: unknown): boolean => error instanceof MailerAway || error instanceof LogUnavailable;

/** Doubles with each try, up to the longest, half of it at random. */
function delayAfter(tries: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** tries);
  return Math.round(delay * (0.5 + Math.random() / 2));
}

/** What a mail server says can have many lines and any length. */
const lineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 500);
