/** An e-mail that is ready to go. */
export interface OutgoingEmail {
  recipient: string;
  subject: string;
  html: string;
  text: string;
  /** The name of its files, without extension. */
  file: string;
  message_id: string;
  /** Milliseconds since 1970, UTC. */
  created_at: number;
}

/** What an e-mail is sent with. */
export abstract class Mailer {
  /** Resolves when the e-mail is out of our hands for good. It may be called again for an e-mail after a crash. */
  abstract send(email: OutgoingEmail): Promise<void>;
}
