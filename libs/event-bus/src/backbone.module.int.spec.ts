import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserCreated } from '@magasin/contracts';
import { EventLog, LogUnavailable } from '@magasin/event-log';
import {
  type DynamicModule,
  Global,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { InjectRepository } from '@nestjs/typeorm';
import { Column, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner, Repository } from 'typeorm';
import { type BackboneOptions, openBackbone } from './backbone';
import { EventBackboneModule } from './backbone.module';
import { CreateEffects1764000000900, Effect, record, user, writesEffects } from './contract/effects';
import { eventually } from './contract/scene';
import { EventBus } from './event-bus';
import { EventConsumer, On } from './on';

@Entity('note')
class Note {
  @PrimaryColumn('integer')
  id: number;

  @Column('text')
  text: string;
}

class CreateNotes1764000000901 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE note');
  }
}

@Injectable()
class Notes {
  constructor(@InjectRepository(Note) readonly rows: Repository<Note>) {}
}

const notes = EventBackboneModule.forFeature({ entities: [Note], migrations: [CreateNotes1764000000901] });

@Module({ imports: [notes], providers: [Notes] })
class NotesModule {}

const effects = { entities: [Effect], migrations: [CreateEffects1764000000900] };

/** What a ConfigModule would offer. */
@Module({
  providers: [{ provide: 'SETTINGS', useFactory: async () => ({ folder: '' }) }],
  exports: ['SETTINGS'],
})
class SettingsModule {}

describe('EventBackboneModule', () => {
  let folder: string;
  let options: BackboneOptions;
  let app: TestingModule | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'backbone-'));
    options = { url: `sqlite:${join(folder, 'test.sqlite')}` };
  });

  const close = async (): Promise<void> => {
    await app?.close();
    app = undefined;
  };

  afterEach(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });

  const open = async (...imports: (DynamicModule | Function)[]): Promise<TestingModule> => {
    app = await Test.createTestingModule({ imports: imports as DynamicModule[] }).compile();
    return app.init();
  };

  describe('forRoot', () => {
    it('opens the log before a provider that injects it is made', async () => {
      @Injectable()
      class Counter {
        readonly head: Promise<number>;

        constructor(@Inject(EventLog) log: EventLog) {
          this.head = log.history.head();
        }
      }
      @Module({ providers: [Counter] })
      class CounterModule {}

      await open(CounterModule, EventBackboneModule.forRoot(options));

      expect(await app!.get(Counter).head).toBe(0);
    });

    it('takes its options from other providers', async () => {
      const root = EventBackboneModule.forRootAsync({
        imports: [SettingsModule],
        inject: ['SETTINGS'],
        useFactory: (settings: { folder: string }) => ({ url: options.url + settings.folder }),
      });

      await open(root);

      expect(await app!.get(EventLog).history.head()).toBe(0);
    });

    it('lets a failing factory fail the start', async () => {
      const root = EventBackboneModule.forRootAsync({
        useFactory: () => Promise.reject(new Error('There is no DATABASE_URL.')),
      });

      await expect(open(root)).rejects.toThrow('There is no DATABASE_URL.');
    });

    it('refuses a second backbone, however it is brought', async () => {
      const root = EventBackboneModule.forRoot(options);
      const backbone = await openBackbone({ url: `sqlite:${join(folder, 'other.sqlite')}` });

      for (const second of [EventBackboneModule.forRoot(options), EventBackboneModule.forShared(backbone)]) {
        await expect(open(root, second)).rejects.toThrow('The app has two backbones');
      }
      await backbone.log.close();
    });

    it('may be imported twice when it is one', async () => {
      const root = EventBackboneModule.forRoot(options);
      @Module({ imports: [root] })
      class FeatureModule {}

      await open(root, FeatureModule);

      expect(app!.get(EventLog)).toBeInstanceOf(EventLog);
    });
  });

  describe('forFeature', () => {
    it('brings the tables of a module before the log is opened, and its repositories', async () => {
      await open(EventBackboneModule.forRoot({ ...options, ...effects }), NotesModule);

      await app!.get(EventLog).transaction(({ rows }) => rows.insert(Note, { id: 1, text: 'milk' }));

      expect(await app!.get(Notes).rows.find()).toEqual([{ id: 1, text: 'milk' }]);
      expect(await app!.get(EventLog).reading.manager.count(Effect)).toBe(0);
    });

    it('leaves out what the app does not import, though it was declared', async () => {
      await open(EventBackboneModule.forRoot(options));

      expect(app!.get(EventLog).reading.hasMetadata(Note)).toBe(false);
    });

    it('names the missing root, and the entity that needs it', async () => {
      await expect(open(NotesModule)).rejects.toThrow(/forFeature brings Note, but the app has no log.*forRoot/);
    });

    it('gives a shared log the tables of all modules that are named, and of those that they import', async () => {
      @Module({ imports: [NotesModule] })
      class WholeModule {}
      const backbone = await openBackbone({ ...options, modules: [{ module: class {}, imports: [WholeModule] }] });
      await open(EventBackboneModule.forShared(backbone), WholeModule);

      expect(await app!.get(Notes).rows.count()).toBe(0);

      await backbone.log.close();
    });

    it('says how a shared log is opened when it lacks the tables', async () => {
      const backbone = await openBackbone(options);

      await expect(open(EventBackboneModule.forShared(backbone), NotesModule)).rejects.toThrow(
        'opened without Note. Name the module that brings it: openBackbone({ modules: [AppModule, …] })',
      );

      await backbone.log.close();
    });
  });

  describe('from the start to the end', () => {
    /** What happened, in order. */
    const happened: string[] = [];

    @Injectable()
    class Neighbour implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
      constructor(@Inject(EventLog) private readonly log: EventLog) {}

      async onApplicationBootstrap(): Promise<void> {
        await record(this.log, user(1));
        // Longer than a handler takes, if it were let.
        await new Promise((done) => setTimeout(done, 50));
        happened.push('neighbour is up');
      }

      onModuleDestroy(): void {
        happened.push('neighbour goes down');
      }

      async onApplicationShutdown(): Promise<void> {
        await record(this.log, user(3));
        happened.push('neighbour writes its last');
      }
    }

    @EventConsumer('watcher')
    class Watcher {
      @On(UserCreated)
      async watch({ id }: UserCreated): Promise<void> {
        happened.push(`handles ${id}`);
      }
    }

    @Module({ providers: [Neighbour] })
    class NearModule {}

    @Global()
    @Module({ providers: [Neighbour, Watcher] })
    class GlobalModule {}

    it.each([NearModule, GlobalModule])(
      'runs consumers after everything is up and before anything goes down: %p',
      async (neighbours) => {
        happened.length = 0;
        const watching = { module: class Watching {}, providers: neighbours === NearModule ? [Watcher] : [] };
        await open(neighbours, EventBackboneModule.forRoot(options), watching);
        const log = app!.get(EventLog);
        await caughtUp(log);
        await record(log, user(2));
        await close();

        expect(happened[0]).toBe('neighbour is up');
        expect(happened[1]).toBe('handles 1');
        const down = happened.indexOf('neighbour goes down');
        expect(happened.slice(down)).toEqual(['neighbour goes down', 'neighbour writes its last']);
        await expect(record(log, user(4))).rejects.toThrow(LogUnavailable);
      },
    );

    const caughtUp = async (log: EventLog): Promise<void> => {
      while (!happened.includes(`handles ${await log.history.head()}`)) await new Promise(setImmediate);
    };

    it('leaves a shared backbone running', async () => {
      const backbone = await openBackbone({ ...options, ...effects });
      await open(EventBackboneModule.forShared(backbone));
      expect((await app!.get(EventBus).status()).map(({ state }) => state)).toEqual([]);
      backbone.bus.subscribe(writesEffects('kept'));
      await backbone.bus.start();

      await close();

      await eventually(async () => (await backbone.bus.status())[0].state === 'running');
      expect(await backbone.bus.status()).toMatchObject([{ consumer: 'kept', state: 'running' }]);
      await backbone.bus.stop();
      await backbone.log.close();
    });
  });
});
