/** An e-mail that is ready to go. */
export interface OutgoingEmail {
  recipient: string;
  subject: string;
  html: string;
  text: string;
  /** The name of its files, without extension. */
  file: string;
  message_id: string;
  correlation_id: string | null;
  /** Milliseconds since 1970, UTC. */
  created_at: number;
}

/** What an e-mail is sent with. */
export abstract class Mailer {
  /** True when an e-mail that is sent twice is still there once, with the same words. */
  abstract readonly harmless: boolean;
  /** So many e-mails it sends at once. */
  abstract readonly atOnce: number;

  /**
   * Resolves when the e-mail is out of our hands for good.
   *
   * @param begin awaited when all is ready, before the first byte of the content leaves; a mailer that is harmless need
   * not call it. When it rejects, nothing is sent.
   * @throws MailerAway, MailRefused, OutcomeUnknown; after any other error the e-mail is nowhere.
   */
  abstract send(email: OutgoingEmail, begin: () => Promise<void>): Promise<void>;

  /** Ends what is still being sent, within moments: `send` rejects. */
  abstract close(): void;
}

/** Nothing can be sent now, this e-mail or another: the server is away, or refuses us. The e-mail is nowhere. */
export class MailerAway extends Error {
  override name = 'MailerAway';
}

/** The mail server has refused this e-mail, for good or for now. It does not have it. */
export class MailRefused extends Error {
  override name = 'MailRefused';

  constructor(
    message: string,
    readonly permanent: boolean,
  ) {
    super(message);
  }
}

/** The content was on its way, and no answer came: the mail server may have it or not. */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';
}
