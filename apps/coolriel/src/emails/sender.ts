import { EventLog } from '@magasin/event-log';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { In } from 'typeorm';
import { Mailer } from '../mailer';
import { Email } from './email';
import { EmailsMetrics } from './emails.metrics';

const BATCH = 50;
const AT_ONCE = 8;
/** Between two looks at the table when nobody wakes us: e-mails of another process. In milliseconds. */
const LOOK_AGAIN_MS = 5_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;

interface FailedEmail {
  email: Email;
  error: Error;
}

/**
 * Sends what is queued, in the order in which it was decided on. A mailer to which writing twice is harmless may get an
 * e-mail again after a crash; it then stands there once, with the same words.
 */
@Injectable()
export class EmailSender implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('sender');
  private running?: Promise<void>;
  private stopping = false;
  private awake = false;
  private stir: () => void = () => undefined;

  constructor(
    private readonly log: EventLog,
    @Inject(Mailer) private readonly mailer: Mailer,
    private readonly metrics: EmailsMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** Ends the e-mail in hand and notes what was sent. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.stir();
    await this.running;
  }

  wake(): void {
    this.awake = true;
    this.stir();
  }

  private async run(): Promise<void> {
    let pause = 0;
    while (!this.stopping) {
      try {
        this.awake = false;
        const sent = await this.sendBatch();
        if (pause > 0) this.logger.log('goes on');
        pause = 0;
        if (sent === 0 && !this.awake) await this.sleep(LOOK_AGAIN_MS);
      } catch (error) {
        if (pause === 0) this.logger.warn(`pauses: ${(error as Error).message}`);
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2 || FIRST_PAUSE_MS);
        await this.sleep(pause);
      }
    }
  }

  private async sendBatch(): Promise<number> {
    const queued = await this.log.reading.manager.find(Email, {
      where: { state: 'queued' },
      order: { id: 'ASC' },
      take: BATCH,
    });
    const sent: Email[] = [];
    const failed: FailedEmail[] = [];
    // One reader gets his e-mails in order; different readers do not wait for each other.
    const readers = [...Map.groupBy(queued, ({ recipient }) => recipient).values()].values();
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.sendTo(readers, sent, failed)));
    await this.note(sent, failed);
    if (failed.length > 0) throw failed[0].error;
    return sent.length;
  }

  private async sendTo(readers: Iterable<Email[]>, sent: Email[], failed: FailedEmail[]): Promise<void> {
    for (const emails of readers) {
      for (const email of emails) {
        // What fails will fail again: the rest waits for a pause.
        if (this.stopping || failed.length > 0) return;
        try {
          await this.mailer.send(email);
          sent.push(email);
        } catch (error) {
          failed.push({ email, error: error as Error });
        }
      }
    }
  }

  private async note(sent: Email[], failed: FailedEmail[]): Promise<void> {
    if (sent.length + failed.length === 0) return;
    await this.log.transaction(async ({ rows }) => {
      const ids = sent.map(({ id }) => id);
      await rows.update(Email, { id: In(ids), state: 'queued' }, { state: 'sent', sent_at: Date.now(), error: null });
      for (const { email, error } of failed) {
        await rows.update(Email, { id: email.id }, { failures: email.failures + 1, error: error.message });
      }
    }, 'consumer');
    this.metrics.sent.inc(sent.length);
  }

  private async sleep(milliseconds: number): Promise<void> {
    if (this.stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.stir = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
