import { UserCreated } from '@magasin/contracts';
import { EventLog, WriteOutsideUnit } from '@magasin/event-log';
import { Inject, Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Backbone } from './backbone';
import { EventBackboneModule } from './backbone.module';
import { Effect, record, user, writesEffects } from './contract/effects';
import { caughtUp, eventually, Scene } from './contract/scene';
import { databaseHarness } from './drivers/database.harness';
import { EventBus } from './event-bus';

@Injectable()
class Greeter {
  constructor(
    @Inject(EventLog) readonly log: EventLog,
    @Inject(EventBus) readonly bus: EventBus,
    @InjectRepository(Effect) readonly effects: Repository<Effect>,
  ) {}
}

@Module({ imports: [EventBackboneModule.forFeature({ entities: [Effect] })], providers: [Greeter] })
class GreetingModule {}

describe('EventBackboneModule.forShared', () => {
  let scene: Scene;
  let backbone: Backbone;
  let app: TestingModule;
  let greeter: Greeter;

  beforeEach(async () => {
    scene = await Scene.create(databaseHarness);
    backbone = await scene.open();
    const imports = [EventBackboneModule.forShared(backbone), GreetingModule];
    app = await Test.createTestingModule({ imports }).compile();
    greeter = app.get(Greeter, { strict: false });
  });

  afterEach(async () => {
    await app.close();
    await scene.end();
  });

  it('injects the log and the bus into every module', () => {
    expect(greeter.log).toBe(backbone.log);
    expect(greeter.bus).toBe(backbone.bus);
  });

  it('carries what the injected log records to the consumers of the injected bus', async () => {
    greeter.bus.subscribe(writesEffects('greeter'));
    await greeter.bus.start();

    await record(greeter.log, user(12, 'Ada'));

    await eventually(() => caughtUp(backbone, 'greeter'));
    expect(await greeter.effects.find()).toMatchObject([{ stream: 'user-12', name: 'Ada' }]);
  });

  it('injects repositories that read what is committed', async () => {
    await greeter.log.transaction(async (tx) => {
      await tx.rows.insert(Effect, { consumer: 'c', stream: 's', version: 1, name: 'n' });
      expect(await greeter.effects.count()).toBe(0);
    });

    expect(await greeter.effects.findOneBy({ consumer: 'c' })).toMatchObject({ stream: 's', version: 1, name: 'n' });
  });

  it('injects repositories that refuse to write', async () => {
    const row = { consumer: 'c', stream: 's', version: 1, name: 'n' };

    await expect(greeter.effects.save(row)).rejects.toThrow(WriteOutsideUnit);
    await expect(greeter.effects.insert(row)).rejects.toThrow(WriteOutsideUnit);
    await expect(greeter.effects.update({ consumer: 'c' }, { name: 'm' })).rejects.toThrow(WriteOutsideUnit);
    await expect(greeter.effects.delete({ consumer: 'c' })).rejects.toThrow(WriteOutsideUnit);

    expect(await greeter.effects.count()).toBe(0);
  });

  it('lets an injected repository write once it is brought into a unit', async () => {
    await greeter.log.transaction(async (tx) => {
      const row = { consumer: 'c', stream: 's', version: 1, name: 'n' };
      await tx.rows.withRepository(greeter.effects).save(row);
      tx.record(UserCreated.of({ ...user(1) }));
    });

    expect(await greeter.effects.count()).toBe(1);
    expect(await greeter.log.history.head()).toBe(1);
  });
});
