import {
  ConfigurableModuleBuilder,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationShutdown,
  Optional,
  type Provider,
} from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { EventLog } from '@magasin/event-log';
import { DataSource } from 'typeorm';
import { type Backbone, type BackboneOptions, openBackbone } from './backbone';
import { ConsumersModule, OWNS_BACKBONE } from './consumers.module';
import { EventBus } from './event-bus';
import { Redis } from './redis/redis';
import { type Tables, tablesModule, tablesOfApp, together } from './tables';

const BACKBONE = Symbol('backbone');

/** The token of the options, for tests that override them. */
export const BACKBONE_OPTIONS = Symbol('options of the backbone');

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<BackboneOptions>({
  optionsInjectionToken: BACKBONE_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createBackboneOptions')
  .setExtras({}, (definition) =>
    withBackbone(definition, true, {
      provide: BACKBONE,
      inject: [BACKBONE_OPTIONS, ModulesContainer],
      useFactory: (options: BackboneOptions, modules: ModulesContainer) => {
        mustBeAlone(modules);
        return openBackbone({ ...options, ...together([options, tablesOfApp(modules)]) });
      },
    }),
  )
  .build();

/**
 * Makes EventLog, EventBus and (for reading) repositories available in a Nest app.
 *
 * `forRoot(options)` and `forRootAsync({ imports, inject, useFactory })` open the backbone before anything that injects
 * it is made. The bus starts when the whole app is up; on shutdown it ends first, and the log closes last.
 */
@Module({})
export class EventBackboneModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  constructor(
    modules: ModulesContainer,
    private readonly log: EventLog,
    @Inject(OWNS_BACKBONE) private readonly owns: boolean,
    @Optional() private readonly redis?: Redis,
  ) {
    super();
    // Farther from the root than any other: the last one that Nest shuts down.
    for (const module of modules.values()) if (module.metatype === EventBackboneModule) module.distance = Infinity;
  }

  /** For several apps in one process: an open backbone, started, stopped and closed by whoever has opened it. */
  static forShared(backbone: Backbone): DynamicModule {
    return withBackbone({ module: EventBackboneModule }, false, {
      provide: BACKBONE,
      inject: [ModulesContainer],
      useFactory: (modules: ModulesContainer) => {
        mustBeAlone(modules);
        return backbone;
      },
    });
  }

  /** The tables of the module that imports this: it gets its repositories injected (`@InjectRepository`). */
  static forFeature(tables: Tables): DynamicModule {
    return tablesModule(tables);
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.owns) return;
    await this.log.close();
    this.redis?.close();
  }
}

function withBackbone(definition: DynamicModule, owns: boolean, backbone: Provider): DynamicModule {
  const offered: Provider[] = [
    { provide: OWNS_BACKBONE, useValue: owns },
    { provide: EventLog, useFactory: ({ log }: Backbone) => log, inject: [BACKBONE] },
    { provide: EventBus, useFactory: ({ bus }: Backbone) => bus, inject: [BACKBONE] },
    // Undefined without the option `redis`: to be injected with @Optional().
    { provide: Redis, useFactory: ({ redis }: Backbone) => redis, inject: [BACKBONE] },
    { provide: DataSource, useFactory: ({ log }: Backbone) => log.reading, inject: [BACKBONE] },
  ];
  return {
    ...definition,
    global: true,
    imports: [...(definition.imports ?? []), ConsumersModule],
    providers: [...(definition.providers ?? []), backbone, ...offered],
    exports: offered,
  };
}

/** @throws Error when the app has another backbone. */
function mustBeAlone(modules: ModulesContainer): void {
  if ([...modules.values()].filter(({ metatype }) => metatype === EventBackboneModule).length > 1) {
    throw new Error(
      'The app has two backbones: EventBackboneModule.forRoot, forRootAsync or forShared is to be imported once, in ' +
        'its root module. A module brings its tables with forFeature.',
    );
  }
}
