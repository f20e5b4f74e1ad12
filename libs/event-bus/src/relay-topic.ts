import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { eventTypes } from '@magasin/contracts';
import type { EventLog, RecordedEvent } from '@magasin/event-log';
import { Background } from './background';
import { partitionOf } from './partition-of';
import { topicOf } from './place-of';
import type { Publisher } from './publisher';

/** How far one topic is published. */
export interface Mark {
  /** Every event of the topic up to this position is there. */
  position: number;
  /** The position of the last event on each partition: what the next one names as the one before it. */
  partitions: Record<string, number>;
}

/** All events of the log behind one position and up to another. */
export interface Stretch {
  after: number;
  upTo: number;
  events: RecordedEvent[];
}

type Page = Pick<Awaited<ReturnType<EventLog['history']['page']>>, 'events' | 'seen'>;

const BATCH = 500;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const LAST_WAIT_MS = 2_000;
/** After so long without an answer to what was published it is said that there is none. */
const SILENT_MS = 5_000;

/**
 * Publishes the events of one topic, in the order of the log, for as long as its process leads. Each topic goes by
 * itself: one that the broker refuses stops only itself. Whatever is published again after a crash carries the same
 * positions, goes to the same partitions, and names the same event before it.
 */
export class TopicRelay {
  private trouble?: Error;
  /** When what is being published was, undefined when there is nothing. By the clock of the process. */
  private publishedAt?: number;
  /** Of the first event that waits: when it was recorded, in milliseconds since 1970. */
  waitingSince?: number;
  private readonly logger = new Logger('relay');
  /** Of the other topics. What is not declared here at all may be of this one. */
  private readonly otherTypes: string[];
  private readonly loop = new Background(() => this.run());
  /** The last position that there is to publish. */
  private upTo = 0;
  /** What comes next, read while what comes before it is published. */
  private ahead?: { after: number; page: Promise<Page> };
  /** What comes next, and came here without being read: of this topic alone. */
  private handed?: Stretch;
  /** How far it has got what there is to publish; NaN while a page is read. */
  private got: number;

  constructor(
    private readonly log: EventLog,
    private readonly publisher: Publisher,
    readonly topic: string,
    readonly mark: Mark,
  ) {
    this.otherTypes = eventTypes()
      .filter((type) => type.topic !== topic)
      .map(({ name }) => name);
    this.got = mark.position;
  }

  /** Why it stands still, undefined when it does not. */
  get standsStill(): string | undefined {
    const silentMs = this.publishedAt === undefined ? 0 : performance.now() - this.publishedAt;
    const silent = silentMs > SILENT_MS ? `no answer for ${Math.round(silentMs / 1_000)} s` : undefined;
    return this.trouble?.message ?? silent;
  }

  /** True when what comes behind this position can be handed to it. */
  follows(position: number): boolean {
    return this.got === position;
  }

  /** Takes what has just been numbered, when that follows on what it has and is not too much. Else it reads it itself. */
  hand({ after, upTo, events }: Stretch): void {
    const own = this.own(events);
    const { after: first, events: before } = this.handed ?? { after, events: [] };
    if (!this.follows(after) || before.length + own.length > BATCH) return;
    this.handed = { after: first, upTo, events: [...before, ...own] };
    this.got = upTo;
  }

  /** There is something to publish up to a position. */
  offer(upTo: number): void {
    this.upTo = upTo;
    this.loop.start();
  }

  /** Nothing of this topic lies between: it has come as far as the log. */
  pass(upTo: number): void {
    // What it was offered comes first, also when that was while its loop was just ending.
    if (this.mark.position < this.upTo) return this.loop.start();
    this.mark.position = this.upTo = this.got = upTo;
    this.handed = undefined;
  }

  /** Publishes nothing new, and waits a while for what the broker has in hand: that may come to be there later too. */
  async stop(): Promise<void> {
    await Promise.race([this.loop.stop(), delay(LAST_WAIT_MS, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    let pause = 0;
    while (!this.loop.stopping && this.mark.position < this.upTo) {
      try {
        await this.publishNext();
        if (this.trouble) this.logger.log(`${this.topic} goes on`);
        this.trouble = undefined;
        pause = 0;
      } catch (error) {
        if (!this.trouble) this.logger.warn(`${this.topic} waits: ${(error as Error).message}`);
        this.trouble = error as Error;
        this.publishedAt = undefined;
        this.handed = undefined;
        this.got = NaN;
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2 || FIRST_PAUSE_MS);
        await this.loop.rest(pause);
      }
    }
    this.waitingSince = undefined;
  }

  private async publishNext(): Promise<void> {
    const { mark, publisher, topic } = this;
    const { events: found, seen } = await this.pageAfter(mark.position);
    // While the broker works.
    if (seen < this.upTo && !this.handed) void this.readAhead(seen);
    const events = this.own(found);
    if (events.length > 0) {
      this.waitingSince = events[0].occurredAt;
      this.publishedAt = performance.now();
      const count = await publisher.partitionsOf(topic);
      const partitions = { ...mark.partitions };
      await publisher.publish(
        topic,
        events.map((event) => this.outgoing(event, partitions, count)),
      );
      this.publishedAt = undefined;
      mark.partitions = partitions;
    }
    mark.position = seen;
  }

  private async pageAfter(position: number): Promise<Page> {
    if (this.handed) {
      const { events, upTo } = this.handed;
      this.handed = undefined;
      return { events, seen: upTo };
    }
    const reading = this.ahead?.after === position ? this.ahead.page : this.readAhead(position);
    this.ahead = undefined;
    const page = await reading;
    this.got = page.seen;
    return page;
  }

  private own(events: RecordedEvent[]): RecordedEvent[] {
    return events.filter((event) => topicOf(event) === this.topic);
  }

  private readAhead(after: number): Promise<Page> {
    const page = this.log.history.page({ exceptTypes: this.otherTypes, after, upTo: this.upTo, limit: BATCH });
    // Whoever asks for it learns of that; a publication that fails asks for another.
    page.catch(() => undefined);
    this.ahead = { after, page };
    this.got = NaN;
    return page;
  }

  private outgoing(event: RecordedEvent, partitions: Record<string, number>, count: number) {
    const partition = partitionOf(event.stream, count);
    const previous = partitions[partition] ?? 0;
    partitions[partition] = event.position;
    return { ...event, source: this.log.identity, partition, previous };
  }
}
