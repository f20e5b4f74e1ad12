import { Logger } from '@nestjs/common';
import type { EventLog } from '@magasin/event-log';
import { type Consumer, type ConsumerStatus, type Counts, EventBus, noCounts } from '../event-bus';
import {
  abandon,
  ActiveInstance,
  type ConsumerInstance,
  endReplay,
  markDiscarded,
  openInstances,
  swapIn,
} from '../instance';
import type { RetryPolicy } from '../retry-policy';
import { ConsumerLoop } from './consumer-loop';

/** How long until instances are noticed that another process ordered. In milliseconds. */
const LOOK_AGAIN_MS = 15_000;
const PAUSE_MS = 1_000;

export interface DatabaseBusOptions {
  retries?: RetryPolicy;
}

/** The embedded bus: consumers read the log itself, woken by its commits. No broker, no second process. */
export class DatabaseEventBus extends EventBus {
  private readonly logger = new Logger('bus');
  private readonly subscribed = new Map<string, { consumer: Consumer; counts: Counts }>();
  /** By the name of the instance. */
  private readonly loops = new Map<string, ConsumerLoop>();
  private supervising?: Promise<void>;
  private stopping = false;
  private stirred = false;
  private stir: () => void = () => undefined;

  constructor(
    private readonly log: EventLog,
    private readonly options: DatabaseBusOptions = {},
  ) {
    super();
  }

  override get consumers(): Consumer[] {
    return [...this.subscribed.values()].map(({ consumer }) => consumer);
  }

  override subscribe(consumer: Consumer): void {
    const { name } = consumer;
    if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
      throw new Error(`${name} can not name a consumer: lower case letters, digits and -, 64 at most.`);
    }
    if (this.subscribed.has(name))
      throw new Error(`There is a consumer ${name} already. Each needs a name of its own.`);
    this.subscribed.set(name, { consumer, counts: noCounts() });
    this.loopOf(consumer);
    this.wake();
  }

  override async start(): Promise<void> {
    this.stopping = false;
    this.supervising ??= this.supervise().finally(() => {
      this.supervising = undefined;
    });
  }

  override async stop(): Promise<void> {
    this.stopping = true;
    this.stir();
    await this.supervising;
    await Promise.all([...this.loops.values()].map((loop) => loop.stop()));
  }

  override counts(consumer: string): Readonly<Counts> {
    const found = this.subscribed.get(consumer);
    if (!found) throw new Error(`There is no consumer ${consumer}.`);
    return found.counts;
  }

  override status(): Promise<ConsumerStatus[]> {
    return Promise.all([...this.loops.values()].map((loop) => loop.status()));
  }

  override wake(): void {
    this.stirred = true;
    this.stir();
    for (const loop of this.loops.values()) loop.look();
  }

  /** Keeps a loop for each consumer, and for each instance of one that is to be built. */
  private async supervise(): Promise<void> {
    while (!this.stopping) {
      this.stirred = false;
      let pause = LOOK_AGAIN_MS;
      try {
        await this.arrange();
      } catch (error) {
        this.logger.warn(`looks again for what there is to do: ${(error as Error).message}`);
        pause = PAUSE_MS;
      }
      await this.sleep(pause);
    }
  }

  private async arrange(): Promise<void> {
    const { manager } = this.log.reading;
    const active = new Map((await manager.find(ActiveInstance)).map((row) => [row.consumer, row.instance]));
    const instances = await openInstances(manager, [...this.subscribed.keys()]);
    const running = instances.filter(({ state }) => state === 'running');
    const live = this.consumers.map(({ name }) => active.get(name) ?? name);

    const wanted = new Set([...live, ...running.map(({ instance }) => instance)]);
    for (const [name, loop] of this.loops) {
      if (wanted.has(name)) continue;
      await loop.stop();
      this.loops.delete(name);
    }
    for (const consumer of this.consumers) this.loopOf(consumer, active.get(consumer.name)).start();
    for (const instance of running) this.loopOf(this.consumer(instance.consumer), instance.instance, instance).start();
    const replaced = instances.filter(({ state }) => state === 'replaced');
    const removed = await Promise.allSettled(replaced.map((instance) => this.discard(instance)));
    const failed = removed.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private loopOf(consumer: Consumer, name = consumer.name, range?: ConsumerInstance): ConsumerLoop {
    const known = this.loops.get(name);
    if (known) return known;
    const only = range?.types ? new Set(JSON.parse(range.types) as string[]) : undefined;
    const handlers = consumer.handlers.filter(({ event }) => !only || only.has(event.name));
    const loop = new ConsumerLoop(
      this.log,
      { ...consumer, name, handlers },
      {
        retries: this.options.retries,
        counts: this.subscribed.get(consumer.name)!.counts,
        ...(range && { range, onEnd: () => this.end(range) }),
      },
    );
    this.loops.set(name, loop);
    return loop;
  }

  /** An instance has come to its end: a rebuilt one is swapped in, a replay is over. */
  private async end(instance: ConsumerInstance): Promise<void> {
    const finish = instance.purpose === 'rebuild' ? swapIn : endReplay;
    await this.log.transaction((tx) => finish(tx, instance), 'consumer');
    this.stirred = true;
    this.stir();
  }

  /** Removes some of what a replaced instance has made: instances that are to run do not wait until all of it is gone. */
  private async discard(instance: ConsumerInstance): Promise<void> {
    const { log } = this;
    const consumer = this.consumer(instance.consumer);
    // Without its progress no process that does not know yet can add to it.
    await log.transaction((tx) => abandon(tx, instance), 'consumer');
    const done = await log.transaction(
      async (tx) => consumer.discard === undefined || consumer.discard(tx, instance.instance),
      'consumer',
    );
    if (done) await log.transaction((tx) => markDiscarded(tx, instance), 'consumer');
    else this.stirred = true;
  }

  private consumer(name: string): Consumer {
    return this.subscribed.get(name)!.consumer;
  }

  private async sleep(milliseconds: number): Promise<void> {
    if (this.stopping || this.stirred) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.stir = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
