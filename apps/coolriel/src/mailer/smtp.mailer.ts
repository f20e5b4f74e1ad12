import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { Mailer, type OutgoingEmail } from './mailer';
import { type Addresses, type Message, messageWriter } from './message';
import { SmtpConnections, type SmtpServer } from './smtp-connections';
import { ConnectionLost, transmit } from './transmit';

/** Hands each e-mail to a mail server. What that server was sent twice is there twice. */
export class SmtpMailer extends Mailer {
  override readonly harmless = false;
  private readonly connections: SmtpConnections;
  private readonly write: ReturnType<typeof messageWriter>;

  constructor(
    server: SmtpServer,
    addresses: Addresses,
    override readonly atOnce: number,
  ) {
    super();
    this.connections = new SmtpConnections(server);
    this.write = messageWriter(addresses, 'windows');
  }

  override async send(email: OutgoingEmail, begin: () => Promise<void>): Promise<void> {
    const message = await this.write(email);
    const used = this.connections.takeIdle();
    if (used) {
      try {
        return await this.over(used, message, begin);
      } catch (error) {
        // The server may have ended a session that was idle: that says nothing yet, a fresh one will.
        if (!(error instanceof ConnectionLost)) throw error;
      }
    }
    await this.over(await this.connections.connect(), message, begin);
  }

  override close(): void {
    this.connections.close();
  }

  private async over(connection: SMTPConnection, message: Message, begin: () => Promise<void>): Promise<void> {
    try {
      await transmit(connection, message, begin);
      this.connections.release(connection);
    } catch (error) {
      // After a refusal the session could go on, but what it is in the midst of depends on the server: a new one is surer.
      connection.close();
      throw error;
    }
  }
}
