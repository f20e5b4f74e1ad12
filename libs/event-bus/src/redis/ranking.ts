import type { DomainEvent, EventClass } from '@magasin/contracts';
import type { EventLog, RecordedEvent } from '@magasin/event-log';
import { Logger } from '@nestjs/common';
import { Background } from '../background';
import { activeInstance } from '../instance';
import { readEvent } from '../read-event';
import { type Redis, RedisAway } from './redis';
import { FORGET, MOVE, TOP } from './ranking.lua';

/** What an event does: it adds so much to an id, or takes the id out for good. */
export type Change = { id: number; amount: number | 'gone' };

export interface Changes<T extends DomainEvent = DomainEvent> {
  event: EventClass<T>;
  changes(event: T): Change[];
}

/** What an event of one type does to a ranking. */
export const changes = <T extends DomainEvent>(event: EventClass<T>, of: (event: T) => Change[]): Changes => ({
  event,
  changes: of,
});

export interface Ranked {
  id: number;
  /** A whole number, exact up to 2^53: units, or cents. */
  amount: number;
}

/** So many events of its types are one step. */
const PAGE = 500;
/** When nothing was recorded it looks whether all is still there. In milliseconds. */
const LOOK_MS = 15_000;
const PAUSE_MS = 1_000;
/** What is recorded in such a while is one step: a report need not be newer. In milliseconds. */
const GATHER_MS = 50;

/**
 * Sums by id, the largest first, in one sorted set of a Redis: a second copy of what a consumer keeps in a table, made of
 * the log alone. The set holds its own position in the log, and one script moves both. So it is never half there: a step
 * counts once however often it comes, a set that was flushed or evicted is gone with its position and begins anew, and one
 * that Redis has brought back from its disk goes on from where it was. Any number of processes may work on it at once.
 */
export class Ranking {
  private readonly logger: Logger;
  private readonly loop = new Background(() => this.run());
  private readonly handlers: Map<string, Changes>;
  /** Of the live instance of the consumer, once it is known. */
  private key?: string;
  private trouble?: string;

  constructor(
    private readonly log: EventLog,
    private readonly redis: Redis,
    /** Whose table says the same. When it is rebuilt, the ranking is built anew too, under the name of the new instance. */
    private readonly consumer: string,
    handlers: Changes[],
  ) {
    this.logger = new Logger(`${consumer} in Redis`);
    this.handlers = new Map(handlers.map((handler) => [handler.event.name, handler]));
  }

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** The first of them, of equals the smaller ids. Undefined when it is not there, or not whole yet: then ask the table. */
  async top(count: number): Promise<Ranked[] | undefined> {
    const { key } = this;
    if (!key || this.trouble) return undefined;
    const question = { keys: [key], arguments: [String(count)] };
    const found = await this.redis.ask((client) => client.eval(TOP, question)).catch(() => undefined);
    // It is gone, and Redis is there: so it is built.
    if (found === null) this.loop.stir();
    if (!Array.isArray(found)) return undefined;
    const flat = found as unknown as string[];
    return flat.flatMap((id, index) => (index % 2 === 0 ? [{ id: Number(id), amount: -Number(flat[index + 1]) }] : []));
  }

  private async run(): Promise<void> {
    const ends = [this.log.onRecorded(() => this.loop.stir()), this.redis.onChange(() => this.loop.stir())];
    while (!this.loop.stopping) {
      this.loop.begin();
      try {
        if (this.redis.isThere) await this.follow();
        this.trouble = undefined;
        await this.loop.rest(GATHER_MS, { deeply: true });
        await this.loop.rest(LOOK_MS);
      } catch (error) {
        const { message } = error as Error;
        // That Redis is away was said. All else is said once; the table answers meanwhile.
        if (!(error instanceof RedisAway) && message !== this.trouble) this.logger.warn(`waits: ${message}`);
        if (!(error instanceof RedisAway)) this.trouble = message;
        await this.loop.rest(PAUSE_MS, { deeply: true });
      }
    }
    for (const end of ends) end();
  }

  private async follow(): Promise<void> {
    const { log } = this;
    const key = `magasin:${log.identity}:${await activeInstance(log.reading.manager, this.consumer)}`;
    // The position first: another process may move it on while the head is asked for.
    let at = (await this.redis.ask((client) => client.zScore(key, 'position'))) ?? 0;
    const head = await log.history.head();
    // The database was brought back from before: what came after is not what came after.
    if (at > head)
      at = Number(await this.redis.ask((client) => client.eval(FORGET, { keys: [key], arguments: [String(at)] })));
    this.key = key;
    const types = [...this.handlers.keys()];
    while (at < head && !this.loop.stopping) {
      const { events, seen } = await log.history.page({ types, after: at, upTo: head, limit: PAGE });
      const step = [at, seen, head].map(String);
      const sums = this.sumsOf(events);
      at = Number(await this.redis.ask((client) => client.eval(MOVE, { keys: [key], arguments: [...step, ...sums] })));
    }
  }

  /** The smallest score is the first, and equal ones are in the order of their names: so sums are negative, ids padded. */
  private sumsOf(events: RecordedEvent[]): string[] {
    const sums = new Map<number, number>();
    for (const { type, payload } of events) {
      const handler = this.handlers.get(type)!;
      for (const { id, amount } of handler.changes(readEvent(handler.event, payload)))
        sums.set(id, amount === 'gone' ? Infinity : (sums.get(id) ?? 0) - amount);
    }
    return [...sums].flatMap(([id, sum]) => [String(id).padStart(16, '0'), sum === Infinity ? 'gone' : String(sum)]);
  }
}
