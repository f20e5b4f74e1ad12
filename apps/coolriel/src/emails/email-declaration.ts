import type { DomainEvent, EventClass } from '@magasin/contracts';

/** A line of an account: what, for how much, and how that comes about. The sum has nothing of the latter. */
export type Line = [what: string, amount: string, how?: string];

/** What an e-mail says, without how it looks: the layout makes its HTML and its plain text of the same words. */
export interface Body {
  heading: string;
  paragraphs: string[];
  /** An account of what was bought, below the text. */
  lines?: Line[];
  /** Where the reader can go from here. */
  link?: { words: string; address: string };
  /** Listed below the text: a label, a value. */
  facts: [string, string][];
}

/** One kind of e-mail, as a declaration. */
export interface EmailDeclaration<T extends DomainEvent = DomainEvent> {
  /** Its template's name: one e-mail of a name is made of an event, however often it arrives. */
  name: string;
  on: EventClass<T>;
  /** One address. Undefined when the event does not know whom it is about: then there is no e-mail. */
  to(event: T): string | undefined;
  subject(event: T): string;
  body(event: T): Body;
  /** The file that the `folder` mailer writes, without its extension. */
  file(event: T): string;
  /** Events to show the e-mail with, in previews and in its spec: one, by name, for each text that it can have. */
  samples: Record<string, T>;
}

export const declareEmail = <T extends DomainEvent>(declaration: EmailDeclaration<T>): EmailDeclaration<T> =>
  declaration;
