import { EventLog } from '@magasin/event-log';
import { files, type TestDatabases } from '@magasin/event-log/testing';
import type { ModuleMetadata, Type } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity';
import type { Backbone } from '../backbone';
import { BACKBONE_OPTIONS, EventBackboneModule } from '../backbone.module';
import { ConsumersModule } from '../consumers.module';
import { EventBus } from '../event-bus';
import { type Imports, withImports } from '../tables';
import { type Act, inWords, perform } from './act';
import { consequences, mustComeThrough, outcomeOf } from './outcome';
import { Sentence } from './sentence';
import { settled } from './settled';
import { When } from './when';

/** What comes before the `when`. */
export interface Given {
  /** This has happened, one after the other, and all consumers are done with it. */
  given(...acts: Act[]): Given;
  /** These rows are in the table; no event tells of them. */
  givenRows<T extends object>(entity: Type<T>, ...rows: QueryDeepPartialEntity<T>[]): Given;
  /** This happens, and all consumers take what it has led to. */
  when(act: Act): When;
}

/**
 * A Nest module on a database of its own, with the real bus, for tests that read as a sentence:
 * `await scenario.given(new WriteUser(…)).when(new DeleteUser(6)).then(UserDeleted.of({…}))`.
 */
export class Scenario implements Given {
  /** Sentences that have a `when` and no `then` yet: they have not been run. */
  private readonly unfinished = new Set<Act>();

  private constructor(
    readonly app: TestingModule,
    private readonly backbone: Backbone,
    private readonly remove: () => Promise<void>,
  ) {}

  /**
   * Starts an app of these modules and providers, as Nest's `Test.createTestingModule` takes them; `override` may
   * replace providers in it. A backbone and the CommandBus are there; an app that brings its own gets the test's database.
   */
  static async open(
    metadata: ModuleMetadata,
    override: (testing: TestingModuleBuilder) => TestingModuleBuilder = (testing) => testing,
    databases: TestDatabases = files,
  ): Promise<Scenario> {
    const options = { url: databases.create() };
    const remove = (): Promise<void> => databases.remove(options.url);
    try {
      const imports: Imports = metadata.imports ?? [];
      const all = await withImports(imports);
      const known = new Set(all.map((module) => ('module' in module ? module.module : module)));
      const missing: Imports = [];
      if (!known.has(CqrsModule)) missing.push(CqrsModule.forRoot());
      if (!known.has(EventBackboneModule)) missing.push(EventBackboneModule.forRoot(options));
      const testing = Test.createTestingModule({ ...metadata, imports: [...missing, ...imports] });
      const app = await override(testing.overrideProvider(BACKBONE_OPTIONS).useValue(options)).compile();
      await app.init();
      app.get(ConsumersModule).unref();
      return new Scenario(app, { log: app.get(EventLog), bus: app.get(EventBus) }, remove);
    } catch (error) {
      await remove();
      throw error;
    }
  }

  given(...acts: Act[]): Given {
    return this.begin().given(...acts);
  }

  givenRows<T extends object>(entity: Type<T>, ...rows: QueryDeepPartialEntity<T>[]): Given {
    return this.begin().givenRows(entity, ...rows);
  }

  when(act: Act): When {
    return this.begin().when(act);
  }

  /** Closes the app and removes its files. @throws Error for a sentence that was not ended: it has tested nothing. */
  async end(): Promise<void> {
    await this.app.close();
    await this.remove();
    const [act] = this.unfinished;
    if (act) throw new Error(`A scenario has no then, so it was not run: when ${inWords(act)}`);
  }

  private begin(): Given {
    const { app, backbone, unfinished } = this;
    const sentence = new Sentence();
    const before: (() => Promise<unknown>)[] = [];
    const given: Given = {
      given(...acts) {
        for (const act of acts) {
          sentence.say('given', inWords(act));
          before.push(() => perform(app, act));
        }
        return given;
      },
      givenRows(entity, ...rows) {
        sentence.say('given', `the rows of ${entity.name}: ${inWords(rows)}`);
        before.push(() => backbone.log.transaction((tx) => tx.rows.insert(entity, rows)));
        return given;
      },
      when(act) {
        sentence.say('when', inWords(act));
        unfinished.add(act);
        return new When(backbone, sentence, async () => {
          unfinished.delete(act);
          const { troubles } = await consequences(backbone, async () => {
            // Consumers that begin now must have begun before the first event.
            await settled(backbone);
            for (const step of before) {
              await step();
              await settled(backbone);
            }
          });
          mustComeThrough(sentence, troubles);
          return outcomeOf(app, backbone, act);
        });
      },
    };
    return given;
  }
}
