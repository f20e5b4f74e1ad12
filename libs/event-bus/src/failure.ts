import { createHash } from 'node:crypto';

/** An error as it is kept with an attempt. */
export interface Failure {
  /** With its stack, cut to 4,000 characters. */
  text: string;
  /** Its first line. */
  error: string;
  error_key: string;
}

const LONGEST_TEXT = 4_000;
const LONGEST_LINE = 300;
/** The hexadecimal ones of a UUID, such as the id of an event, too. */
const NUMBERS = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|\d+/gi;

export function failureOf(error: unknown): Failure {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const line = text.split('\n', 1)[0].slice(0, LONGEST_LINE);
  // Ids, amounts and moments differ from stream to stream; what is left of the line names the cause.
  const cause = line.replaceAll(NUMBERS, '#');
  const error_key = createHash('sha256').update(cause).digest('hex').slice(0, 16);
  return { text: text.slice(0, LONGEST_TEXT), error: line, error_key };
}
