import { withDeadline, withoutPassword } from '@magasin/event-log';
import { Logger } from '@nestjs/common';
import { createClient, type RedisClientType } from '@redis/client';
import { Unavailable } from '../event-bus';

/** An answer that has not come by then is not waited for. In milliseconds. */
const PATIENCE_MS = 1_000;
/** A connection that only looks alive is found out by a ping that is not answered for so long. In milliseconds. */
const PING_MS = 2_000;
const SILENT_MS = 3_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** Beyond so many questions that wait for an answer the next is refused. */
const QUESTIONS = 1_000;

export interface RedisStatus {
  /** `connecting`: it was not there yet. */
  state: 'there' | 'away' | 'connecting';
  error?: string;
}

/** It did not answer. What was asked of it may have been done all the same. */
export class RedisAway extends Unavailable {
  override name = 'RedisAway';
}

/**
 * A Redis that may go and come back at any moment. Nothing waits for it: while it is away every question is refused at
 * once, and the shop does without. That it went is said once, and once more when it is there again.
 */
export class Redis {
  private readonly logger = new Logger('redis');
  private readonly client: RedisClientType;
  private readonly watch: NodeJS.Timeout;
  private readonly listeners = new Set<() => void>();
  private current: RedisStatus = { state: 'connecting' };
  private pinging = false;

  /** @throws TypeError for what is no `redis://…` or `rediss://…` */
  constructor(private readonly url: string) {
    this.client = createClient({
      url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: QUESTIONS,
      maintNotifications: 'disabled',
      socket: {
        connectTimeout: PATIENCE_MS * 2,
        reconnectStrategy: (tries) =>
          Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries) * (0.5 + Math.random() / 2),
      },
    });
    this.client.on('ready', () => this.found());
    this.client.on('error', (error: Error) => this.lost(error));
    this.client.connect().catch(() => undefined);
    this.watch = setInterval(() => void this.ping(), PING_MS).unref();
  }

  status(): RedisStatus {
    return this.current;
  }

  get isThere(): boolean {
    return this.current.state === 'there';
  }

  /** Calls back when it comes and when it goes. Returns the way out. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws RedisAway, within a second; an error that it answered with */
  async ask<T>(question: (client: RedisClientType) => Promise<T>): Promise<T> {
    if (!this.isThere) throw new RedisAway(this.current.error ?? 'Redis is not there yet.');
    const late = (): Error => new RedisAway(`It has not answered for ${PATIENCE_MS} ms.`);
    try {
      return await withDeadline(question(this.client), PATIENCE_MS, late);
    } catch (error) {
      // What Redis itself says has a code in front, in capitals; all else is of the way to it.
      if (/^[A-Z]+ /.test((error as Error).message)) throw error;
      throw error instanceof RedisAway ? error : new RedisAway((error as Error).message);
    }
  }

  close(): void {
    clearInterval(this.watch);
    this.listeners.clear();
    this.current = { state: 'away', error: 'It was closed.' };
    this.client.destroy();
  }

  private found(): void {
    if (this.isThere) return;
    if (this.current.state === 'away') this.logger.log('is there again');
    this.current = { state: 'there' };
    for (const listener of this.listeners) listener();
  }

  private lost({ message }: Error): void {
    if (this.current.state === 'away') return;
    this.logger.warn(`${withoutPassword(this.url)} is away, and the shop does without: ${message || 'no connection'}`);
    this.current = { state: 'away', error: message };
    for (const listener of this.listeners) listener();
  }

  private async ping(): Promise<void> {
    if (this.pinging || !this.client.isReady) return;
    this.pinging = true;
    const late = (): Error => new RedisAway(`It has not answered for ${SILENT_MS} ms.`);
    const answer = this.client.ping();
    // Also when the answer comes late: whoever froze is awake again.
    const heard = answer.then(
      () => this.found(),
      () => undefined,
    );
    await withDeadline(answer, SILENT_MS, late).catch((error: Error) => this.lost(error));
    await heard;
    this.pinging = false;
  }
}
