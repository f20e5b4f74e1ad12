import { createHash } from 'node:crypto';
import type { DomainEvent } from '@magasin/contracts';
import type { Delivery } from '@magasin/event-bus';
import type { Email } from './email';
import type { EmailDeclaration } from './email-declaration';
import { toHtml, toText } from './layout';

/** Makes the e-mail of an event. The same event makes the same e-mail, to the letter. */
export function compose(declaration: EmailDeclaration, event: DomainEvent, delivery: Delivery): Omit<Email, 'id'> {
  const recipient = declaration.to(event);
  const body = declaration.body(event);
  return {
    source: delivery.source,
    event_id: delivery.id,
    template: declaration.name,
    recipient,
    subject: declaration.subject(event).replaceAll(/\s+/g, ' '),
    html: toHtml(body),
    text: toText(body),
    file: declaration.file(event),
    message_id: messageId(delivery.id, declaration.name, recipient),
    state: 'queued',
    failures: 0,
    error: null,
    created_at: Date.now(),
    sent_at: null,
  };
}

/** From the event, so that whoever gets it twice can tell: mail systems drop a second one of the same id. */
function messageId(eventId: string, template: string, recipient: string): string {
  const reader = createHash('sha256').update(recipient).digest('hex').slice(0, 12);
  return `<evt-${eventId}.${template}.${reader}@magasinducoin.ca>`;
}
