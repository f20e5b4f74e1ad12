import { Logger } from '@nestjs/common';
import type { EventLog } from '@magasin/event-log';
import { Background } from '../background';
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
import type { Relay, RelayStatus } from '../relay';
import type { RetryPolicy } from '../retry-policy';
import { ConsumerLoop } from './consumer-loop';
import type { Runner } from './runner';

/** How long until instances are noticed that another process ordered. In milliseconds. */
const LOOK_AGAIN_MS = 15_000;
/** The same where other processes tell of it. */
const HINTED_LOOK_MS = 60_000;
const PAUSE_MS = 1_000;

export interface BusOptions {
  retries?: RetryPolicy;
  /** What carries the events out of the log: started and stopped with the bus. */
  relay?: Relay;
  /** Told when something was made due here: for those who can tell other processes. */
  onWake?: () => void;
}

/**
 * What the drivers share: they differ in who runs a live consumer. Instances that are built or replay go through the log
 * itself in each of them, for topics forget.
 */
export abstract class SupervisedEventBus extends EventBus {
  private readonly logger = new Logger('bus');
  private readonly subscribed = new Map<string, { consumer: Consumer; counts: Counts }>();
  /** By the name of the instance. */
  private readonly runners = new Map<string, { runner: Runner; live: boolean }>();
  private readonly loop = new Background(() => this.supervise());

  constructor(
    protected readonly log: EventLog,
    protected readonly options: BusOptions = {},
  ) {
    super();
  }

  /** Makes who runs a live consumer; its name is that of its instance. */
  protected abstract live(consumer: Consumer, counts: Counts): Runner;

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
    this.runnerOf(consumer);
    this.look();
  }

  override async start(): Promise<void> {
    this.options.relay?.start();
    this.loop.start();
  }

  override async stop(): Promise<void> {
    await this.loop.stop();
    await Promise.all(this.all.map((runner) => runner.stop()));
    await this.options.relay?.stop();
  }

  override relay(): RelayStatus | undefined {
    return this.options.relay?.status();
  }

  override counts(consumer: string): Readonly<Counts> {
    const found = this.subscribed.get(consumer);
    if (!found) throw new Error(`There is no consumer ${consumer}.`);
    return found.counts;
  }

  override status(): Promise<ConsumerStatus[]> {
    return Promise.all(this.all.map((runner) => runner.status()));
  }

  override wake(): void {
    this.options.onWake?.();
    this.look();
  }

  /** Something may be due that another process has ordered. */
  look(): void {
    this.loop.stir();
    for (const runner of this.all) runner.look();
  }

  private get all(): Runner[] {
    return [...this.runners.values()].map(({ runner }) => runner);
  }

  /** Keeps a runner for each consumer, and for each instance of one that is to be built. */
  private async supervise(): Promise<void> {
    while (!this.loop.stopping) {
      this.loop.begin();
      let pause = this.log.hinted ? HINTED_LOOK_MS : LOOK_AGAIN_MS;
      try {
        await this.arrange();
      } catch (error) {
        this.logger.warn(`looks again for what there is to do: ${(error as Error).message}`);
        pause = PAUSE_MS;
      }
      await this.loop.rest(pause);
    }
  }

  private async arrange(): Promise<void> {
    const { manager } = this.log.reading;
    const active = new Map((await manager.find(ActiveInstance)).map((row) => [row.consumer, row.instance]));
    const instances = await openInstances(manager, [...this.subscribed.keys()]);
    const running = instances.filter(({ state }) => state === 'running');
    const live = new Set(this.consumers.map(({ name }) => active.get(name) ?? name));
    const built = new Set(running.map(({ instance }) => instance));
    for (const [name, { runner, live: isLive }] of this.runners) {
      // An instance that was built and is the live one by now is run by another.
      if (isLive ? live.has(name) : built.has(name)) continue;
      await runner.stop();
      this.runners.delete(name);
    }
    for (const consumer of this.consumers) this.runnerOf(consumer, active.get(consumer.name)).start();
    for (const instance of running) this.builderOf(instance).start();
    const replaced = instances.filter(({ state }) => state === 'replaced');
    const removed = await Promise.allSettled(replaced.map((instance) => this.discard(instance)));
    const failed = removed.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private runnerOf(consumer: Consumer, name = consumer.name): Runner {
    const known = this.runners.get(name);
    if (known) return known.runner;
    const runner = this.live({ ...consumer, name }, this.countsOf(consumer));
    this.runners.set(name, { runner, live: true });
    return runner;
  }

  private builderOf(range: ConsumerInstance): Runner {
    const { instance: name } = range;
    const known = this.runners.get(name);
    if (known) return known.runner;
    const consumer = this.consumer(range.consumer);
    const only = range.types ? new Set(JSON.parse(range.types) as string[]) : undefined;
    const handlers = consumer.handlers.filter(({ event }) => !only || only.has(event.name));
    const runner = new ConsumerLoop(
      this.log,
      { ...consumer, name, handlers },
      { retries: this.options.retries, counts: this.countsOf(consumer), range, onEnd: () => this.end(range) },
    );
    this.runners.set(name, { runner, live: false });
    return runner;
  }

  private countsOf({ name }: Consumer): Counts {
    return this.subscribed.get(name)!.counts;
  }

  /** An instance has come to its end: a rebuilt one is swapped in, a replay is over. */
  private async end(instance: ConsumerInstance): Promise<boolean> {
    const finish = instance.purpose === 'rebuild' ? swapIn : endReplay;
    await this.log.transaction((tx) => finish(tx, instance), 'consumer');
    this.loop.stir();
    return true;
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
    else this.loop.stir();
  }

  private consumer(name: string): Consumer {
    return this.subscribed.get(name)!.consumer;
  }
}
