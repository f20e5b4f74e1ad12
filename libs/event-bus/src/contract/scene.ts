import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedEvent } from '@magasin/event-log';
import { Logger } from '@nestjs/common';
import { In } from 'typeorm';
import type { Backbone } from '../backbone';
import { ParkedAttempt, ParkedEvent, ParkedStream } from '../parked';
import { ConsumerProgress, HANDED_OVER } from '../progress';
import type { RetryPolicy } from '../retry-policy';
import { wayOf } from '../way';
import { type Address, byStream, effectsOf, openProcess, type ProcessOptions } from './effects';

/** What a driver brings to the suite. */
export interface EventBusHarness {
  /** A database that is new and empty, with all that its bus needs. */
  create(): Promise<Address>;
  remove(address: Address): Promise<void>;
  /**
   * A process is killed before each of its statements, or before every so-manieth, where a child takes its time: servers
   * are slow to forget one who died. CRASH_EVERY=1 in the environment is all of them.
   */
  crashEvery?: number;
  /** By how much the memory in use may grow of a process that works through a long backlog, in MB. Default 55. */
  mostMb?: number;
  /** So many statements a process may make in an idle second. Default 1; a lease costs more. */
  idleStatements?: number;
}

/** Retries that a test can wait for, and that go on for as long as it lasts. */
export const QUICK: RetryPolicy = { firstDelayMs: 10, longestDelayMs: 40, limit: 10_000 };

/** Far more than anything here takes. */
const PATIENCE_MS = 60_000;

/** Waits until the fact is true; the test fails when it never becomes so. */
export async function eventually(fact: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (!(await fact())) {
    if (Date.now() > until) throw new Error(`This never became true: ${fact.toString()}`);
    await delay(5);
  }
}

/** One database, and the processes that work on it. */
export class Scene {
  private readonly processes = new Set<Backbone>();

  private constructor(
    private readonly harness: EventBusHarness,
    readonly address: Address,
  ) {}

  static async create(harness: EventBusHarness, more: Partial<Address> = {}): Promise<Scene> {
    // Pauses and parked streams are what most tests provoke.
    Logger.overrideLogger(false);
    return new Scene(harness, { ...(await harness.create()), ...more });
  }

  /** Another process on the same database: a log and a bus of its own. */
  async open(options: ProcessOptions = {}): Promise<Backbone> {
    const backbone = await openProcess(this.address, { retries: QUICK, ...options });
    this.processes.add(backbone);
    return backbone;
  }

  get overKafka(): boolean {
    return this.address.kafka !== undefined;
  }

  /**
   * A bus over Kafka begins in the log: waits until these consumers have gone over to the topics. What is recorded before
   * that comes by both ways, the second time in vain.
   */
  async haveGoneOver({ log }: Backbone, ...consumers: string[]): Promise<void> {
    if (!this.overKafka) return;
    const gone = { consumer: In(consumers), position: HANDED_OVER };
    await eventually(async () => (await log.reading.manager.countBy(ConsumerProgress, gone)) === consumers.length);
  }

  async close(backbone: Backbone): Promise<void> {
    this.processes.delete(backbone);
    await backbone.bus.stop();
    await backbone.log.close();
    backbone.redis?.close();
  }

  async end(): Promise<void> {
    for (const backbone of this.processes) await this.close(backbone);
    await this.harness.remove(this.address);
  }
}

export const effectNames = async ({ log }: Backbone, consumer: string, stream?: string): Promise<string[]> =>
  (await effectsOf(log, consumer)).filter((effect) => !stream || effect.stream === stream).map(({ name }) => name);

/** True when everything recorded so far was taken: handled, skipped, or parked. */
export async function caughtUp(backbone: Backbone, ...consumers: string[]): Promise<boolean> {
  const { log } = backbone;
  const head = await log.history.head();
  if (head < (await log.history.end())) return false;
  const progress = await log.reading.manager.find(ConsumerProgress);
  const rows = consumers.map((name) => progress.filter(({ consumer }) => consumer === name));
  if (rows.every((own) => own.some(({ position }) => position === head) && own.length === 1)) return true;
  if (rows.some((own) => !own.some(({ position }) => position === HANDED_OVER))) return false;
  // By topics: whoever has taken the last event of each stream has taken all.
  const last = new Map((await allEvents(backbone)).map((event) => [event.stream, event]));
  const ways = await Promise.all([...last.values()].map((event) => wayOf(log, { ...event, source: log.identity })));
  return !ways.flat().some(({ consumer, state }) => consumers.includes(consumer) && state === 'waiting');
}

export const allEvents = async ({ log }: Backbone): Promise<RecordedEvent[]> => log.history.after(0, 100_000);

/** Each event of the log has one effect, in the order of its stream. All events must be of a type that has effects. */
export async function expectOneEffectEach(backbone: Backbone, ...consumers: string[]): Promise<void> {
  const events = byStream(await allEvents(backbone));
  for (const consumer of consumers) expect(byStream(await effectsOf(backbone.log, consumer))).toEqual(events);
}

export interface Parked {
  streams: ParkedStream[];
  events: ParkedEvent[];
  attempts: ParkedAttempt[];
}

export async function parkedOf({ log }: Backbone, consumer: string): Promise<Parked> {
  const { manager } = log.reading;
  const where = { consumer };
  return {
    streams: await manager.find(ParkedStream, { where, order: { stream: 'ASC' } }),
    events: await manager.find(ParkedEvent, { where, order: { position: 'ASC' } }),
    attempts: await manager.find(ParkedAttempt, { where, order: { position: 'ASC', attempt: 'ASC' } }),
  };
}
