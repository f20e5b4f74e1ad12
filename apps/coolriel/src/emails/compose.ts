import { createHash } from 'node:crypto';
import type { DomainEvent } from '@magasin/contracts';
import type { Delivery } from '@magasin/event-bus';
import { traceOf } from '@magasin/event-log';
import type { Email, NewEmail } from './email';
import type { EmailDeclaration } from './email-declaration';
import { toHtml, toText } from './layout';

/** What an e-mail of which nobody has tried anything looks like. */
const UNTRIED = { state: 'queued', attempt: null, failures: 0, tries: 0, error: null, sent_at: null } as const;

/** The e-mails of an event: one of each declaration on it that has somebody to write to. */
export const emailsOf = (declarations: EmailDeclaration[], event: DomainEvent, delivery: Delivery): NewEmail[] =>
  declarations
    .filter(({ on }) => event instanceof on)
    .map((declaration) => compose(declaration, event, delivery))
    .filter((email) => email !== undefined);

/**
 * Makes the e-mail of an event. The same event makes the same e-mail, to the letter.
 * @returns undefined when there is nobody to write to.
 */
export function compose(declaration: EmailDeclaration, event: DomainEvent, delivery: Delivery): NewEmail | undefined {
  const recipient = declaration.to(event);
  if (recipient === undefined) return undefined;
  const body = declaration.body(event);
  return {
    source: delivery.source,
    event_id: delivery.id,
    template: declaration.name,
    copy: 0,
    resend_of: null,
    recipient,
    subject: declaration.subject(event).replaceAll(/\s+/g, ' '),
    html: toHtml(body),
    text: toText(body),
    file: declaration.file(event),
    message_id: messageId(delivery.id, declaration.name, recipient),
    correlation_id: traceOf(delivery.metadata)?.correlation_id ?? null,
    ...UNTRIED,
    created_at: Date.now(),
  };
}

/** The same e-mail for the same reader, as another one: its id and its files get a number, `.r1`, `.r2`… */
export function copyOf({ id, ...original }: Omit<Email, 'reader'>): NewEmail {
  const copy = original.copy + 1;
  const numbered = (name: string): string => `${name.replace(/\.r\d+$/, '')}.r${copy}`;
  const [local, domain] = original.message_id.split('@');
  return {
    ...original,
    copy,
    resend_of: id,
    file: numbered(original.file),
    message_id: `${numbered(local)}@${domain}`,
    ...UNTRIED,
    created_at: Date.now(),
  };
}

/** From the event, so that whoever gets it twice can tell: mail systems drop a second one of the same id. */
function messageId(eventId: string, template: string, recipient: string): string {
  const reader = createHash('sha256').update(recipient).digest('hex').slice(0, 12);
  return `<evt-${eventId}.${template}.${reader}@magasinducoin.ca>`;
}
