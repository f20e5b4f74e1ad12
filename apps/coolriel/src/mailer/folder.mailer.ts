import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Mailer, MailerAway, type OutgoingEmail } from './mailer';
import { type Addresses, messageWriter } from './message';

/** With the number of the process that writes it; those of versions before have none. */
const UNFINISHED = /\.(?:eml|html)\.(?:(\d+)-[\da-f-]{36}\.)?part$/;

/**
 * Leaves each e-mail as two files: `.html` for a browser, `.eml` for a mail program. Each appears whole or not at all,
 * and writing it again changes nothing.
 */
export class FolderMailer extends Mailer {
  override readonly harmless = true;
  override readonly atOnce = 8;
  private readonly write: ReturnType<typeof messageWriter>;
  private readonly tidied: Promise<void>;

  constructor(
    private readonly folder: string,
    addresses: Addresses,
  ) {
    super();
    this.write = messageWriter(addresses, 'unix');
    this.tidied = removeUnfinished(folder);
  }

  override async send(email: OutgoingEmail): Promise<void> {
    const { content } = await this.write(email);
    await this.tidied;
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
    // A name of its own: one that was frozen may still be at the same e-mail, and two would write into one file.
    const unfinished = `${target}.${process.pid}-${randomUUID()}.part`;
    const handle = await open(unfinished, 'wx');
    try {
      try {
        await handle.writeFile(content);
        // Before it is called sent it must survive a power cut, as the row that says so does.
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(unfinished, target);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }
}

/** What processes that are gone have left half written. Of a living one on another machine it would be written again. */
async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => {
    const found = UNFINISHED.exec(name);
    return found !== null && !isAnother(Number(found[1]));
  });
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}

/** True for a process that lives, and is not this one: this one has written nothing yet. */
function isAnother(pid: number): boolean {
  if (!pid || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
