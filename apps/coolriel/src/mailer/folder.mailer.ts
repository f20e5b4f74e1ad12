import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { Mailer, type OutgoingEmail } from './mailer';

/**
 * Leaves each e-mail as two files: `.html` for a browser, `.eml` for a mail program. Each appears whole or not at all,
 * and writing it again changes nothing.
 */
export class FolderMailer extends Mailer {
  private readonly composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });

  constructor(private readonly folder: string) {
    super();
  }

  override async send({ subject, html, text, recipient, message_id, file, created_at }: OutgoingEmail): Promise<void> {
    const { message } = await this.composer.sendMail({
      from: { name: 'Magasin du Coin', address: 'bonjour@magasinducoin.ca' },
      to: { name: '', address: recipient },
      subject,
      text,
      html,
      messageId: message_id,
      // Random otherwise, and the same e-mail would be another file.
      baseBoundary: createHash('sha256').update(message_id).digest('hex').slice(0, 16),
      date: new Date(created_at),
      // RFC 3834: nobody is to answer this by a machine.
      headers: {
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'OOF, AutoReply',
        'Content-Language': 'fr-CA',
      },
    });
    await mkdir(this.folder, { recursive: true });
    await this.write(`${file}.eml`, message as Buffer);
    await this.write(`${file}.html`, html);
  }

  private async write(name: string, content: Buffer | string): Promise<void> {
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
