import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { OutgoingEmail } from './mailer';

export interface Addresses {
  from: string;
  replyTo: string;
  /** The envelope's sender: where mail systems send what they can not deliver. */
  bounceTo: string;
}

/** An e-mail as mail systems carry it. */
export interface Message {
  content: Buffer;
  envelope: { from: string; to: string[] };
}

/** Makes the MIME message of an e-mail: the text first, then the HTML. The same e-mail makes the same bytes. */
export function messageWriter({ from, replyTo, bounceTo }: Addresses, newline: 'unix' | 'windows') {
  const composer = createTransport({ streamTransport: true, buffer: true, newline });

  return async (email: OutgoingEmail): Promise<Message> => {
    const { subject, html, text, recipient, message_id, correlation_id, created_at } = email;
    const { message, envelope } = await composer.sendMail({
      from: { name: 'Magasin du Coin', address: from },
      replyTo,
      // As an object, so that it is never read as a list or as a name with an address.
      to: { name: '', address: recipient },
      envelope: { from: bounceTo, to: { name: '', address: recipient } },
      subject,
      text,
      html,
      messageId: message_id,
      // Random otherwise, and the same e-mail would be another file.
      baseBoundary: createHash('sha256').update(message_id).digest('hex').slice(0, 16),
      date: new Date(created_at),
      headers: {
        // RFC 3834: nobody is to answer this by a machine.
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'OOF, AutoReply',
        'Content-Language': 'fr-CA',
        ...(correlation_id !== null && { 'X-Correlation-Id': correlation_id }),
      },
    });
    return { content: message as Buffer, envelope: envelope as Message['envelope'] };
  };
}
