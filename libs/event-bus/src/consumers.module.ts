import { Inject, Logger, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, ModulesContainer } from '@nestjs/core';
import { EventBus } from './event-bus';
import { classesWithOn, consumerOf, hasOn } from './on';

/** True when the app has opened its backbone itself: then it starts the bus, and ends it. */
export const OWNS_BACKBONE = Symbol('the app owns its backbone');

/** Alive while the bus runs: a program without a server would end when nothing is left to do. In milliseconds. */
const LONG = 2 ** 30;

/** Subscribes the consumers among the providers, and starts and stops the bus. */
@Module({ imports: [DiscoveryModule] })
export class ConsumersModule implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('EventBackboneModule');
  private alive?: NodeJS.Timeout;

  constructor(
    modules: ModulesContainer,
    private readonly discovery: DiscoveryService,
    private readonly bus: EventBus,
    @Inject(OWNS_BACKBONE) private readonly owns: boolean,
  ) {
    // Nest calls the hooks of modules by their distance to the root. Nearer than the root itself: a handler runs when
    // all other modules are up (the command bus knows its handlers), and has ended before the first one goes down.
    for (const module of modules.values()) if (module.metatype === ConsumersModule) module.distance = -1;
  }

  async onApplicationBootstrap(): Promise<void> {
    const provided = this.subscribeProviders();
    if (!this.owns) return;
    for (const owner of classesWithOn) {
      if (provided.some((other) => other === owner || other.prototype instanceof owner)) continue;
      this.logger.warn(`${owner.name} gets no events: no module of this app provides it.`);
    }
    await this.bus.start();
    this.alive = setInterval(() => undefined, LONG);
  }

  /** What is recorded from here on is delivered at the next start. */
  async onModuleDestroy(): Promise<void> {
    if (!this.owns) return;
    await this.bus.stop();
    clearInterval(this.alive);
  }

  /** For tests: a runner ends when its tests have, also when one of them has left an app open. */
  unref(): void {
    this.alive?.unref();
  }

  private subscribeProviders(): Function[] {
    const provided: Function[] = [];
    for (const wrapper of this.discovery.getControllers()) {
      if (wrapper.metatype && hasOn(wrapper.metatype)) {
        throw new Error(`${wrapper.name} has methods @On, so it must be a provider: it is a controller.`);
      }
    }
    for (const wrapper of this.discovery.getProviders()) {
      const instance = wrapper.isAlias ? undefined : (wrapper.instance as object | undefined);
      const owner: unknown = instance?.constructor;
      if (!instance || typeof owner !== 'function' || !(hasOn(owner) || consumerOf(instance))) continue;
      if (wrapper.isTransient || !wrapper.isDependencyTreeStatic()) {
        throw new Error(
          `${owner.name} can not be a consumer: it, or something that is injected into it, is made anew for each ` +
            'request or injection, and an event is neither.',
        );
      }
      const consumer = consumerOf(instance);
      if (!consumer) throw new Error(`${owner.name} has methods @On. Give it a name: @EventConsumer('…').`);
      if (!hasOn(owner)) throw new Error(`${owner.name} is an @EventConsumer, but has no method @On.`);
      this.bus.subscribe(consumer);
      provided.push(owner);
    }
    return provided;
  }
}
