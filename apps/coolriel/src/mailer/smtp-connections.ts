import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { MailerAway } from './mailer';

export interface SmtpServer {
  host: string;
  port: number;
  tls: 'off' | 'starttls' | 'tls';
  user?: string;
  password?: string;
  /** How long the server may take for any answer. */
  timeoutMs: number;
}

/** A session that has sent nothing for so long is ended: mail servers end them too. In milliseconds. */
const IDLE_MS = 30_000;

/** Sessions with one mail server, kept open and used again. Who asks for one has it alone. */
export class SmtpConnections {
  private readonly idle: { connection: SMTPConnection; since: number }[] = [];
  private readonly open = new Set<SMTPConnection>();
  private readonly options: SMTPConnectionOptions;
  private closed = false;

  constructor(private readonly server: SmtpServer) {
    const { host, port, tls, timeoutMs } = server;
    this.options = {
      host,
      port,
      secure: tls === 'tls',
      ignoreTLS: tls === 'off',
      requireTLS: tls === 'starttls',
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    };
  }

  /** One that was used before and still seems to live; undefined when there is none. */
  takeIdle(): SMTPConnection | undefined {
    for (let last = this.idle.pop(); last; last = this.idle.pop()) {
      if (performance.now() - last.since < IDLE_MS && !last.connection.destroyed) return last.connection;
      last.connection.close();
    }
    return undefined;
  }

  /** @throws MailerAway when the server can not be reached, does not speak as it should, or does not let us in. */
  async connect(): Promise<SMTPConnection> {
    const { user, password } = this.server;
    const connection = new SMTPConnection(this.options);
    this.open.add(connection);
    connection.once('end', () => this.open.delete(connection));
    try {
      await new Promise<void>((resolve, reject) => {
        // Stays: an error in the midst of an e-mail is told to its send, and to this event, which would throw alone.
        connection.on('error', reject);
        connection.connect((error) => (error ? reject(error) : resolve()));
      });
      if (user !== undefined) await login(connection, { user, pass: password });
      if (this.closed) throw new Error('The sender is being stopped.');
      return connection;
    } catch (error) {
      connection.close();
      throw new MailerAway((error as Error).message, { cause: error });
    }
  }

  /** Gives one back whose last e-mail is done with. */
  release(connection: SMTPConnection): void {
    if (this.closed) connection.close();
    else this.idle.push({ connection, since: performance.now() });
  }

  /** Ends all sessions, also those in the midst of an e-mail. */
  close(): void {
    this.closed = true;
    for (const connection of this.open) connection.close();
  }
}

const login = (connection: SMTPConnection, auth: { user: string; pass?: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.login(auth, (error) => (error ? reject(error) : resolve()));
    connection.once('error', reject);
  });
