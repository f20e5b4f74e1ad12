import { Mailer, type OutgoingEmail } from './mailer';
import { type Addresses, messageWriter } from './message';
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
    for (;;) {
      const used = this.connections.takeIdle();
      const connection = used ?? (await this.connections.connect());
      try {
        await transmit(connection, message, begin);
        return this.connections.release(connection);
      } catch (error) {
        // After a refusal the session could go on, but what state it is in depends on the server: a new one is surer.
        connection.close();
        // The server may have ended a session that was idle: that says nothing yet.
        if (!used || !(error instanceof ConnectionLost)) throw error;
      }
    }
  }

  override close(): void {
    this.connections.close();
  }
}
