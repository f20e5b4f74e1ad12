import { Readable } from 'node:stream';
import type { NodemailerError } from 'nodemailer';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { MailerAway, MailRefused, OutcomeUnknown } from './mailer';
import type { Message } from './message';

/** The session ended before the server had an answer or a byte of the content for it: the e-mail is nowhere. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}

/**
 * Sends one message over a session. Once the server has said to DATA that it is ready, `begin` is awaited, then the
 * content goes: what happens before that moment leaves the e-mail nowhere, what happens after it may not.
 */
export async function transmit(
  connection: SMTPConnection,
  { content, envelope }: Message,
  begin: () => Promise<void>,
): Promise<void> {
  let begun = false;
  let refusedToBegin: unknown;
  // nodemailer reads from it when the server is ready, and destroys it when the session ends before.
  const message = new Readable({
    read() {
      begin().then(
        () => {
          if (message.destroyed) return;
          begun = true;
          message.push(content);
          message.push(null);
        },
        (error: unknown) => {
          refusedToBegin = error;
          message.destroy(error as Error);
        },
      );
    },
  });
  try {
    await new Promise<void>((resolve, reject) => {
      const lost = (): void => void setImmediate(() => reject(new ConnectionLost('The connection was closed.')));
      const done = (settle: () => void): void => {
        connection.off('end', lost);
        connection.off('error', reject);
        settle();
      };
      // Closing a session does not call back, and an error calls back after it has ended.
      connection.once('end', lost);
      connection.once('error', reject);
      connection.send(envelope, message, (error) => done(() => (error ? reject(error) : resolve())));
    });
  } catch (error) {
    throw refusedToBegin ?? judge(error as NodemailerError, begun);
  }
}

/** What an error says of the e-mail. An answer of the server is one also after the content. */
function judge(error: NodemailerError, begun: boolean): Error {
  const { message, responseCode, command } = error;
  if (responseCode !== undefined && responseCode >= 400) {
    // About us, not about the e-mail: a sender that may not send, a login that is missing.
    if (command === 'MAIL FROM') return new MailerAway(message, { cause: error });
    return new MailRefused(message, responseCode >= 500);
  }
  if (begun) return new OutcomeUnknown(message, { cause: error });
  // Refused by nodemailer itself: an address that can not be one.
  if (error.code === 'EENVELOPE' && command === 'API') return new MailRefused(message, true);
  return new ConnectionLost(message, { cause: error });
}
