import { runInTrace } from '@magasin/event-log';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import { Mailer, MailRefused } from '../mailer';
import { CoolrielSettings } from '../settings';
import { type EmailInHand, LEASE_MS } from './claim-emails';
import type { Reached } from './email-attempt';
import { EmailQueue } from './email-queue';
import { EmailsMetrics } from './emails.metrics';
import { givenBack, isOutage, type Outcome, outcomeOf, SENT } from './outcome';
import { Pause } from './pause';
import { Slots } from './slots';

/** For each e-mail that is being sent so many are in hand: the next ones are there before a slot is free. */
const IN_HAND = 3;
/** Between two looks at the table when nobody wakes us: e-mails of another process. In milliseconds. */
const LOOK_AGAIN_MS = 5_000;
/** So long a stop waits for answers of the mail server. In milliseconds. */
const GRACE_MS = 4_000;
const KEEP_AGAIN_MS = 200;

/** Somebody else has the e-mail now: this attempt ends without a word. */
class InOtherHands extends Error {}

/** Not the e-mail's turn any more: the sender pauses or is stopped. */
class NotNow extends Error {}

/** Sends what is queued: many at once, in order for each reader. Several processes may do so on one database. */
@Injectable()
export class EmailSender implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('sender');
  private readonly pause = new Pause(this.logger);
  private readonly slots: Slots;
  private readonly inHand = new Map<string, { email: EmailInHand; done: Promise<void> }>();
  private running?: Promise<void>;
  private holding?: NodeJS.Timeout;
  private stopping = false;
  private awake = false;
  private stir: () => void = () => undefined;

  constructor(
    private readonly queue: EmailQueue,
    @Inject(Mailer) private readonly mailer: Mailer,
    private readonly settings: CoolrielSettings,
    private readonly metrics: EmailsMetrics,
  ) {
    this.slots = new Slots(mailer.atOnce);
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
    this.holding = setInterval(() => void this.hold(), LEASE_MS / 4);
  }

  /** Gives back what is not begun, and waits a moment for the answers to what is. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.stir();
    await this.running;
    const done = Promise.all([...this.inHand.values()].map((one) => one.done));
    await Promise.race([done, delay(GRACE_MS, undefined, { ref: false })]);
    this.mailer.close();
    await done;
    clearInterval(this.holding);
  }

  wake(): void {
    this.awake = true;
    this.stir();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      this.awake = false;
      try {
        const { room } = this;
        const claim = { limit: room, mine: new Set(this.inHand.keys()), harmless: this.mailer.harmless };
        const emails = room > 0 ? await this.queue.claim(claim) : [];
        for (const email of emails) this.take(email);
        if (emails.length > 0 || this.awake) continue;
        await this.sleep(this.pause.left || (await this.untilDue()));
      } catch (error) {
        // Of the database: the mailer's are dealt with where the e-mail is.
        this.pause.begin(error);
        await this.sleep(this.pause.left);
      }
    }
  }

  /** How many more e-mails to take. None until a part of the hand is free, so that they are taken together. */
  private get room(): number {
    if (this.pause.left > 0) return 0;
    // After a pause one goes ahead to see whether the mail server is back.
    const hand = this.pause.over ? this.mailer.atOnce * IN_HAND : 1;
    const room = hand - this.inHand.size;
    return room >= Math.min(hand, this.mailer.atOnce) ? room : 0;
  }

  private async untilDue(): Promise<number> {
    if (this.room === 0) return LOOK_AGAIN_MS;
    const due = (await this.queue.nextDue()) ?? Infinity;
    return Math.min(LOOK_AGAIN_MS, Math.max(20, due - Date.now()));
  }

  private take(email: EmailInHand): void {
    const trace = email.correlation_id === null ? undefined : { correlation_id: email.correlation_id };
    const done = runInTrace(trace, () => this.attempt(email)).finally(() => {
      this.inHand.delete(email.attempt);
      this.wake();
    });
    this.inHand.set(email.attempt, { email, done });
  }

  private async attempt(email: EmailInHand): Promise<void> {
    let reached: Reached = 'connecting';
    const begin = async (): Promise<void> => {
      if (!(await this.queue.begin(email))) throw new InOtherHands();
      reached = 'sending';
    };
    let outcome: Outcome = SENT;
    try {
      await this.slots.use(async () => {
        if (this.stopping || this.pause.left > 0) throw new NotNow();
        await this.mailer.send(email, begin);
      });
      this.pause.end();
    } catch (error) {
      if (error instanceof InOtherHands) return;
      if (error instanceof MailRefused) this.pause.end();
      if (isOutage(error)) this.pause.begin(error);
      outcome = error instanceof NotNow ? givenBack() : outcomeOf(error, email, this.settings.MAIL_TRIES);
    }
    await this.keep(email, reached, outcome);
  }

  /** What is known of an e-mail must not be lost because the database is away for a while. */
  private async keep(email: EmailInHand, reached: Reached, outcome: Outcome): Promise<void> {
    const { id, template } = email;
    for (;;) {
      try {
        const kept = await this.queue.settle(email, reached, outcome);
        if (kept) this.tell(`e-mail ${id} (${template})`, outcome);
        return;
      } catch (error) {
        this.pause.begin(error);
        if (this.stopping) return;
        await delay(KEEP_AGAIN_MS);
      }
    }
  }

  private tell(name: string, outcome: Outcome): void {
    // Mail servers quote the address, which is nothing for a log.
    const why = outcome.error?.replaceAll(/[^\s<>]+@[^\s<>]+/g, '…');
    if (outcome.state === 'sent') this.metrics.sent.inc();
    if (outcome.state === 'sent') this.logger.log(`${name} sent`);
    else if (outcome.state !== 'queued') this.logger.warn(`${name} ${outcome.state}: ${why}`);
    else if (outcome.counts) this.logger.log(`${name} waits: ${why}`);
  }

  private async hold(): Promise<void> {
    if (this.inHand.size === 0) return;
    await this.queue.hold([...this.inHand.values()].map(({ email }) => email)).catch(() => undefined);
  }

  private async sleep(milliseconds: number): Promise<void> {
    if (this.stopping || this.awake) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.stir = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
