import type { DomainEvent, EventClass } from '@magasin/contracts';

/** What an e-mail says, without how it looks: the layout makes its HTML and its plain text of the same words. */
export interface Body {
  heading: string;
  paragraphs: string[];
  /** Listed below the text: a label, a value. */
  facts: [string, string][];
}

/** One kind of e-mail, as a declaration. */
export interface EmailDeclaration<T extends DomainEvent = DomainEvent> {
  /** Its template's name: one e-mail of a name is made of an event, however often it arrives. */
  name: string;
  on: EventClass<T>;
  to(event: T): string;
  subject(event: T): string;
  body(event: T): Body;
  /** The file that the `folder` mailer writes, without its extension. */
  file(event: T): string;
  /** Events to show the e-mail with, in previews and in its spec: one, by name, for each text that it can have. */
  samples: Record<string, T>;
}

export const declareEmail = <T extends DomainEvent>(declaration: EmailDeclaration<T>): EmailDeclaration => declaration;
