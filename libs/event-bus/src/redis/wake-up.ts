import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '@magasin/event-log';
import type { Redis } from './redis';

/** A channel that could not be had is asked for again after so long. In milliseconds. */
const AGAIN_MS = 1_000;

/** What a process has done: committed events, given them positions, made something due. */
export type News = 'committed' | 'numbered' | 'due';

/**
 * Tells the other processes on a log what this one has done, and hears what they have, so that nobody has to look for it
 * often. It is a hint and no more: what gets lost is found by the next look, and nobody waits until it was said.
 */
export class WakeUp {
  private readonly me = randomUUID();
  private readonly channel: string;
  private readonly unsaid = new Set<News>();
  private speaking = false;
  private listening = false;

  constructor(
    private readonly redis: Redis,
    private readonly log: EventLog,
    private readonly hear: Record<News, () => void>,
  ) {
    this.channel = `magasin:${log.identity}`;
    log.outbox.onCommitted(() => this.say('committed'));
    log.outbox.onNumbered(() => this.say('numbered'));
    redis.onChange(() => void this.arrange());
  }

  /** Returns at once. Many in a row are one message: no more than one is under way. */
  say(news: News): void {
    if (!this.redis.isThere) return;
    this.unsaid.add(news);
    if (!this.speaking) void this.speak();
  }

  private async speak(): Promise<void> {
    this.speaking = true;
    while (this.unsaid.size > 0) {
      const message = [this.me, ...this.unsaid].join(' ');
      this.unsaid.clear();
      await this.redis.ask((client) => client.publish(this.channel, message)).catch(() => undefined);
    }
    this.speaking = false;
  }

  private async arrange(): Promise<void> {
    while (this.redis.isThere && !(await this.listen())) await delay(AGAIN_MS, undefined, { ref: false });
    this.log.hinted = this.redis.isThere;
    // Whoever rests has chosen his pause before, and may have missed what was said meanwhile.
    for (const wake of Object.values(this.hear)) wake();
  }

  /** The connection keeps the channel when it is made anew. */
  private async listen(): Promise<boolean> {
    if (this.listening) return true;
    try {
      await this.redis.ask((client) => client.subscribe(this.channel, (message) => this.heard(message)));
      this.listening = true;
    } catch {
      // It went in this moment, or was slow.
    }
    return this.listening;
  }

  private heard(message: string): void {
    const [from, ...news] = message.split(' ');
    if (from === this.me) return;
    for (const one of news) this.hear[one as News]?.();
  }
}
