import type { DomainEvent } from '@magasin/contracts';
import { type EmailDeclaration, toHtml, toText } from '../emails';

/** An e-mail as it goes out when one of its declaration's samples happens. */
export interface Preview {
  name: string;
  sample: string;
  /** The type of the event. */
  on: string;
  /** Undefined when the e-mail is not sent: there is nobody to write to. */
  recipient: string | undefined;
  subject: string;
  html: string;
  text: string;
}

/** A sample was never recorded, so it has no moment of its own. */
const DATETIME = '2026-11-23 16:00:41.491000';

export function previewOf(declaration: EmailDeclaration, sample: string): Preview {
  const { name, on } = declaration;
  const event: DomainEvent = Object.assign(new on(), declaration.samples[sample], { datetime: DATETIME });
  const body = declaration.body(event);
  return {
    name,
    sample,
    on: on.name,
    recipient: declaration.to(event),
    subject: declaration.subject(event),
    html: toHtml(body),
    text: toText(body),
  };
}

/** In the order of the catalogue. */
export const previewsOf = (declarations: EmailDeclaration[]): Preview[] =>
  declarations.flatMap((declaration) =>
    Object.keys(declaration.samples).map((sample) => previewOf(declaration, sample)),
  );
