import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '../shop-process';
import type { Accepted, Report, ServerOptions } from './server.mjs';

/** A mail server in a process of its own, and what it has told. */
export class MailServer {
  readonly accepted: Accepted[] = [];
  private readonly places: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {
    child.on('message', (said: Report) => {
      if ('accepted' in said) this.accepted.push(said.accepted);
      if ('at' in said) this.places.push(`${said.at} ${said.recipient}`);
    });
  }

  static async start(options: ServerOptions = {}): Promise<MailServer> {
    const child = fork(join(__dirname, 'server.mts'), [JSON.stringify(options)], { execArgv: [] });
    const [said] = (await once(child, 'message')) as [Report];
    if (!('listening' in said)) throw new Error(`The mail server did not start: ${JSON.stringify(said)}`);
    return new MailServer(child, said.listening);
  }

  /** The settings of a shop that sends through it. */
  get settings(): Record<string, string> {
    return { MAILER: 'smtp', SMTP_HOST: '127.0.0.1', SMTP_PORT: String(this.port), SMTP_TLS: 'off', SMTP_TIMEOUT: '2' };
  }

  /** The Message-IDs that it has taken responsibility for, of one reader. */
  idsFor(recipient: string): string[] {
    return this.accepted.filter((one) => one.recipient === recipient).map(({ message }) => messageIdOf(message));
  }

  /** Waits until it has come so far with the e-mails to an address so many times. */
  async reached(place: 'rcpt' | 'data' | 'dot', recipient: string, times = 1): Promise<void> {
    await eventually(async () => {
      expect(this.places.filter((one) => one === `${place} ${recipient}`).length).toBeGreaterThanOrEqual(times);
    });
  }

  /** Lets go what it holds for an address. */
  goOn(recipient: string): void {
    this.child.send(recipient);
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}

export const messageIdOf = (message: string): string => /^Message-ID:\s+(<.+>)/m.exec(message)![1];
