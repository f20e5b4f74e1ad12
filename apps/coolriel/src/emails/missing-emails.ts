import type { DomainEvent } from '@magasin/contracts';
import type { Delivery } from '@magasin/event-bus';
import type { EntityManager } from 'typeorm';
import { catalogue } from './catalogue';
import { emailsOf } from './compose';
import { Email } from './email';

/** An e-mail that does not exist yet, and to whom it would go. */
export type MissingEmail = Pick<Email, 'template' | 'recipient' | 'subject'>;

/** The e-mails that an event would make and that it has not made yet: what a replay of it would send. */
export async function missingEmails(
  reading: EntityManager,
  event: DomainEvent,
  delivery: Delivery,
): Promise<MissingEmail[]> {
  const missing: MissingEmail[] = [];
  for (const { source, event_id, template, recipient, subject } of emailsOf(catalogue, event, delivery)) {
    const exists = await reading.existsBy(Email, { event_id, template, source });
    if (!exists) missing.push({ template, recipient, subject });
  }
  return missing;
}
