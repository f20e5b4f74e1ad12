import { eventTypeNamed, TOPICS } from '@magasin/contracts';
import { type EventLog, Fenced, type Lease, type Numbered } from '@magasin/event-log';
import { Logger } from '@nestjs/common';
import { Background } from './background';
import type { Publisher } from './publisher';
import { isFree, newOwner } from './relay-owner';
import { type Mark, TopicRelay } from './relay-topic';

const hasMore = ({ next = [] }: Lease): boolean => next.length > 0;

/** How a relay of this process is doing. */
export interface RelayStatus {
  /** `leading`: this process relays; `following`: another one does; `stopped`: the bus was stopped. */
  state: 'leading' | 'following' | 'stopped';
  /** Who leads, as far as this process knows. */
  owner: string;
  /** Why nothing goes on here. */
  error?: string;
  /** When its loop last showed that it lives: milliseconds since 1970. */
  heartbeat_at: number;
  /** Topics that wait although there is something to publish, and since when the first event waits. */
  waiting: { topic: string; error: string; lag_seconds: number }[];
}

export interface RelayOptions {
  /** Who does not move for so long has lost the lease. In milliseconds. */
  leaseMs?: number;
}

const LEASE_MS = 3_000;
/** Positions given out in one go. */
const BATCH = 1_000;
/** Commits of other processes are looked for so often by whoever leads, while there are some, and when there were none for long. */
const POLL_MS = 50;
const IDLE_POLL_MS = 250;
const IDLE_AFTER_MS = 10_000;
/** The same where other processes tell of their commits: for what is lost on the way. */
const HINTED_POLL_MS = 5_000;
/** Whoever leads shows it at least so often. */
const BEAT_MS = 1_000;
/** Whoever follows looks at the leader so often. */
const WATCH_MS = 500;
const PAUSE_MS = 500;

/**
 * The way out of a log, in one loop under one lease: number what is committed, publish it, note how far that has come.
 * Of all processes on the log one leads; another takes over when it does not move any more, judged by the other's own
 * clock. Its token fences what a former leader still writes. What Kafka then has twice, has the same position twice.
 */
export class Relay {
  private readonly logger = new Logger('relay');
  private readonly me = newOwner();
  private readonly leaseMs: number;
  private lease?: Lease;
  private publisher?: Publisher;
  private topics = new Map<string, TopicRelay>();
  private readonly loop = new Background(() => this.run());
  private trouble?: Error;
  private owner = '';
  private heartbeat = Date.now();
  private beatenAt = 0;

  constructor(
    private readonly log: EventLog,
    /** For as long as this process leads. Without one the consumers read the log: the relay numbers, and that is all. */
    private readonly openPublisher?: () => Publisher,
    { leaseMs = LEASE_MS }: RelayOptions = {},
  ) {
    this.leaseMs = leaseMs;
  }

  start(): void {
    this.loop.start();
  }

  /** Ends what it has in hand and gives the lease up. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Another process has committed events. */
  look(): void {
    this.loop.stir();
  }

  status(): RelayStatus {
    const waiting = [...this.topics.values()].flatMap(({ topic, standsStill: error, waitingSince = Date.now() }) =>
      error ? [{ topic, error, lag_seconds: Math.max(0, (Date.now() - waitingSince) / 1_000) }] : [],
    );
    return {
      state: !this.loop.isRunning || this.loop.stopping ? 'stopped' : this.lease ? 'leading' : 'following',
      owner: this.owner,
      ...(this.trouble && { error: this.trouble.message }),
      heartbeat_at: this.heartbeat,
      waiting,
    };
  }

  private async run(): Promise<void> {
    const { outbox } = this.log;
    const unsubscribe = outbox.onCommitted(() => this.loop.stir());
    while (!this.loop.stopping) {
      this.heartbeat = Date.now();
      try {
        this.lease = await this.elect();
        if (!this.lease) break;
        this.logger.log('leads');
        this.openTopics(this.lease);
        await this.lead(this.lease);
      } catch (error) {
        if (!this.trouble) this.logger.warn(`waits: ${(error as Error).message}`);
        this.trouble = error as Error;
      }
      await this.abdicate();
      if (!this.loop.stopping) await this.loop.rest(PAUSE_MS, { deeply: true });
    }
    unsubscribe();
  }

  /** Waits until nobody leads, or the leader has not moved for as long as the lease is. Undefined when stopped. */
  private async elect(): Promise<Lease | undefined> {
    let seen: Lease | undefined;
    let since = performance.now();
    while (!this.loop.stopping) {
      this.heartbeat = Date.now();
      const lease = await this.log.outbox.lease();
      this.trouble = undefined;
      this.owner = lease.owner;
      if (lease.token !== seen?.token || lease.beat !== seen.beat) {
        seen = lease;
        since = performance.now();
      }
      // Its own: it had to stop, and could not give it up.
      if (lease.owner === this.me || isFree(lease) || performance.now() - since >= this.leaseMs) {
        const taken = await this.log.outbox.take(lease, this.me);
        if (taken) {
          this.owner = this.me;
          return taken;
        }
      }
      await this.loop.rest(WATCH_MS, { deeply: true });
    }
    return undefined;
  }

  private async lead(lease: Lease): Promise<void> {
    const { outbox } = this.log;
    let busyAt = performance.now();
    let lookAt = 0;
    // What was numbered, and perhaps published, by the one before.
    for (const topic of this.topics.values()) topic.offer(lease.assigned);
    while (!this.loop.stopping) {
      const due = this.loop.stirred || hasMore(lease) || performance.now() >= lookAt;
      this.loop.begin();
      this.heartbeat = Date.now();
      const marks = this.marks(lease);
      const before = lease.assigned;
      // Who is far behind reads pages of his own.
      const whole = [...this.topics.values()].some((topic) => topic.follows(before));
      const numbered = due ? await outbox.number(lease, BATCH, marks, { whole }) : [];
      this.trouble = undefined;
      if (numbered.length > 0) {
        // Where positions are given, the marks went with them.
        if (outbox.numbers) this.beatenAt = performance.now();
        this.publish(numbered, before, lease.assigned);
        busyAt = performance.now();
        lookAt = 0;
        if (numbered.length === BATCH || hasMore(lease)) continue;
      }
      if (lease.assigned === before) for (const topic of this.topics.values()) topic.pass(before);
      if (performance.now() - this.beatenAt >= BEAT_MS) {
        await outbox.beat(lease, this.marks(lease));
        this.beatenAt = performance.now();
      }
      const now = performance.now();
      const poll = this.log.hinted ? HINTED_POLL_MS : now - busyAt > IDLE_AFTER_MS ? IDLE_POLL_MS : POLL_MS;
      if (due) lookAt = now + poll;
      await this.loop.rest(Math.max(0, Math.min(lookAt - now, BEAT_MS)));
    }
  }

  private publish(numbered: Numbered[], after: number, upTo: number): void {
    const concerned = new Set(numbered.map(({ type }) => eventTypeNamed(type)?.topic));
    const events = numbered.map(({ event }) => event).filter((event) => event !== undefined);
    for (const topic of this.topics.values()) {
      if (events.length === numbered.length) topic.hand({ after, upTo, events });
      // A type of a newer process may be of any topic: each of them looks.
      if (concerned.has(topic.topic) || concerned.has(undefined)) topic.offer(upTo);
      else topic.pass(upTo);
    }
  }

  private openTopics({ marks }: Lease): void {
    this.publisher = this.openPublisher?.();
    if (!this.publisher) return;
    const known = JSON.parse(marks) as Record<string, Mark>;
    for (const topic of Object.keys(TOPICS)) {
      const mark = known[topic] ?? { position: 0, partitions: {} };
      this.topics.set(topic, new TopicRelay(this.log, this.publisher, topic, mark));
    }
  }

  private marks(lease: Lease): string {
    // What another driver has noted stays: it may come back.
    if (!this.publisher) return lease.marks;
    const own = Object.fromEntries([...this.topics].map(([topic, { mark }]) => [topic, mark]));
    // Topics that only newer processes know keep theirs.
    return JSON.stringify({ ...(JSON.parse(lease.marks) as object), ...own });
  }

  private async abdicate(): Promise<void> {
    const { lease } = this;
    this.lease = undefined;
    await Promise.all([...this.topics.values()].map((topic) => topic.stop()));
    if (lease && !(this.trouble instanceof Fenced)) {
      await this.log.outbox.leave(lease, this.marks(lease)).catch(() => undefined);
    }
    this.topics.clear();
    // What it still has in hand fails now, or is there already: whoever leads next begins behind the marks.
    await this.publisher?.close().catch(() => undefined);
    this.publisher = undefined;
  }
}
