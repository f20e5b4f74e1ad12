import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants';
import type { ModulesContainer } from '@nestjs/core';
import { getRepositoryToken } from '@nestjs/typeorm';
import { EventLog } from '@magasin/event-log';
import type { Repository } from 'typeorm';

/** What a module keeps in the database: the entities, and the migrations that make their tables. */
export interface Tables {
  entities?: Function[];
  migrations?: Function[];
}

export type Imports = NonNullable<ModuleMetadata['imports']>;

const TABLES = Symbol('tables of a module');

@Module({})
class TablesModule {}

/** A module with the tables of the one that imports it, and the repositories (for reading) that it gets injected. */
export function tablesModule(tables: Tables): DynamicModule {
  const repositories = (tables.entities ?? []).map((entity) => ({
    provide: getRepositoryToken(entity),
    useFactory: (log?: EventLog) => repositoryOf(entity, log),
    inject: [{ token: EventLog, optional: true }],
  }));
  return {
    module: TablesModule,
    providers: [{ provide: TABLES, useValue: tables }, ...repositories],
    exports: repositories,
  };
}

function repositoryOf(entity: Function, log?: EventLog): Repository<object> {
  if (!log) {
    throw new Error(
      `EventBackboneModule.forFeature brings ${entity.name}, but the app has no log. ` +
        'Import EventBackboneModule.forRoot(…) or forRootAsync(…) once, in its root module.',
    );
  }
  if (!log.reading.hasMetadata(entity)) {
    throw new Error(
      `The shared log was opened without ${entity.name}. ` +
        'Name the module that brings it: openBackbone({ modules: [AppModule, …] }).',
    );
  }
  return log.reading.getRepository(entity);
}

/** The tables that the modules of a Nest app bring. All modules are known before the first provider is made. */
export const tablesOfApp = (modules: ModulesContainer): Required<Tables> =>
  together([...modules.values()].map((module) => module.providers.get(TABLES)?.instance as Tables | undefined));

/** The tables that these modules, and all that they import, bring: for a log that is opened before any Nest app. */
export async function tablesOf(modules: Imports): Promise<Required<Tables>> {
  const providers = (await withImports(modules)).flatMap((module) => ('providers' in module && module.providers) || []);
  const found = providers.map((provider) => 'provide' in provider && provider.provide === TABLES && provider);
  return together(found.map((provider) => (provider && 'useValue' in provider ? provider.useValue : {}) as Tables));
}

/** The modules themselves and, once each, what they import. */
export async function withImports(modules: Imports): Promise<(Type | DynamicModule)[]> {
  const found = new Set<Type | DynamicModule>();
  const visit = async (imports: Imports): Promise<void> => {
    for (const named of imports) {
      const awaited = await named;
      const module = 'forwardRef' in awaited ? (awaited.forwardRef() as Type | DynamicModule) : awaited;
      if (found.has(module)) continue;
      found.add(module);
      const [type, dynamic] = 'module' in module ? [module.module, module.imports ?? []] : [module, []];
      const declared = (Reflect.getMetadata(MODULE_METADATA.IMPORTS, type) ?? []) as Imports;
      await visit([...dynamic, ...declared]);
    }
  };
  await visit(modules);
  return [...found];
}

export const together = (parts: (Tables | undefined)[]): Required<Tables> => ({
  entities: [...new Set(parts.flatMap((tables) => tables?.entities ?? []))],
  migrations: [...new Set(parts.flatMap((tables) => tables?.migrations ?? []))],
});
