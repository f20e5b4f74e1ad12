import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Mailer, MailerAway, type OutgoingEmail } from './mailer';
import { type Addresses, messageWriter } from './message';

/**
 * Leaves each e-mail as two files: `.html` for a browser, `.eml` for a mail program. Each appears whole or not at all,
 * and writing it again changes nothing.
 */
export class FolderMailer extends Mailer {
  override readonly harmless = true;
  override readonly atOnce = 8;
  private readonly write: ReturnType<typeof messageWriter>;

  constructor(
    private readonly folder: string,
    addresses: Addresses,
  ) {
    super();
    this.write = messageWriter(addresses, 'unix');
  }

  override async send(email: OutgoingEmail): Promise<void> {
    const { content } = await this.write(email);
    try {
      await mkdir(this.folder, { recursive: true });
      await this.leave(`${email.file}.eml`, content);
      await this.leave(`${email.file}.html`, email.html);
    } catch (error) {
      // A full disk, a folder that is gone: no e-mail's fault.
      throw new MailerAway((error as Error).message, { cause: error });
    }
  }

  /** A file is written in moments, and it may be written again. */
  override close(): void {}

  private async leave(name: string, content: Buffer | string): Promise<void> {
    const target = join(this.folder, name);
    const unfinished = `${target}.part`;
    const handle = await open(unfinished, 'w');
    try {
      await handle.writeFile(content);
      // Before it is called sent it must survive a power cut, as the row that says so does.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, target);
  }
}
