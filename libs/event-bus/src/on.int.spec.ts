import { DomainEvent, EventContract, UserCreated, UserDeleted } from '@magasin/contracts';
import { EventLog, type UnitOfWork } from '@magasin/event-log';
import { Controller, Inject, Injectable, type Provider, Scope, type Type } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { IsString } from 'class-validator';
import { type Backbone, EventBackboneModule } from '.';
import { CreateEffects1764000000900, Effect, effectsOf, record, user } from './contract/effects';
import { caughtUp, eventually } from './contract/scene';
import { databaseHarness } from './drivers/database.harness';
import { type Delivery, EventBus } from './event-bus';
import { EventConsumer, On } from './on';

@EventContract({ topic: 'parcel-events', schemaVersion: 1, stream: () => 'parcel-1' })
class ParcelLost extends DomainEvent {
  @IsString()
  parcel: string;
}

@Injectable()
class Phrases {
  hello = 'hello';
}

@EventConsumer('greeter', { startAt: 'now' })
class Greeter {
  constructor(private readonly phrases: Phrases) {}

  @On(UserCreated)
  async greet(event: UserCreated, tx: UnitOfWork, { stream, version }: Delivery): Promise<void> {
    await tx.rows.insert(Effect, { consumer: 'greeter', stream, version, name: `${this.phrases.hello} ${event.name}` });
  }

  @On(UserDeleted)
  async forget(_event: UserDeleted, tx: UnitOfWork): Promise<void> {
    await tx.rows.delete(Effect, { consumer: 'greeter' });
  }
}

/** One method may take several events, when it takes what they have in common. */
@EventConsumer('counter')
class Counter {
  count = 0;

  @On(UserCreated)
  @On(ParcelLost)
  async add(_event: DomainEvent): Promise<void> {
    this.count += 1;
  }
}

describe('@EventConsumer and @On', () => {
  let address: { url: string };
  let app: TestingModule | undefined;

  beforeEach(async () => (address = await databaseHarness.create()));
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await databaseHarness.remove(address);
  });

  const open = async (providers: Provider[], controllers: Type[] = []): Promise<Backbone> => {
    const tables = { entities: [Effect], migrations: [CreateEffects1764000000900] };
    const imports = [EventBackboneModule.forRoot({ ...address, ...tables })];
    app = await Test.createTestingModule({ imports, controllers, providers }).compile();
    await app.init();
    return { log: app.get(EventLog), bus: app.get(EventBus) };
  };

  it('make one consumer of a class, with what is injected into it', async () => {
    const backbone = await open([Greeter, Phrases]);
    await eventually(() => caughtUp(backbone, 'greeter'));

    await record(backbone.log, user(1, 'Ada'));
    await eventually(() => caughtUp(backbone, 'greeter'));
    expect(await effectsOf(backbone.log, 'greeter')).toMatchObject([{ stream: 'user-1', name: 'hello Ada' }]);

    await record(backbone.log, UserDeleted.of({ ...user(1) }));
    await eventually(() => caughtUp(backbone, 'greeter'));
    expect(await effectsOf(backbone.log, 'greeter')).toEqual([]);
    expect((await backbone.bus.status()).map(({ consumer }) => consumer)).toEqual(['greeter']);
  });

  it('pass the options on to the bus', async () => {
    const before = await open([]);
    await record(before.log, user(1, 'too early'));
    await app!.close();

    const backbone = await open([Greeter, Phrases]);
    await eventually(() => caughtUp(backbone, 'greeter'));
    expect(await effectsOf(backbone.log, 'greeter')).toEqual([]);
  });

  it('let one method take several events', async () => {
    const backbone = await open([Counter]);

    await record(backbone.log, user(1), ParcelLost.of({ parcel: 'p' }), UserDeleted.of({ ...user(1) }));

    await eventually(() => caughtUp(backbone, 'counter'));
    expect(app!.get(Counter).count).toBe(2);
  });

  it('give no events to a provider that a test has put in its place', async () => {
    const imports = [EventBackboneModule.forRoot(address)];
    const testing = Test.createTestingModule({ imports, providers: [Counter] });
    app = await testing.overrideProvider(Counter).useValue({}).compile();
    await app.init();

    expect(await app.get(EventBus).status()).toEqual([]);
  });

  it('refuse a class that is made anew for each request, or needs one that is', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Caller {
      constructor(@Inject(REQUEST) readonly request: unknown) {}
    }
    @EventConsumer('asker')
    class Asker {
      constructor(readonly caller: Caller) {}

      @On(UserCreated)
      async ask(): Promise<void> {}
    }
    @EventConsumer('passer-by')
    @Injectable({ scope: Scope.TRANSIENT })
    class PasserBy {
      @On(UserCreated)
      async pass(): Promise<void> {}
    }

    await expect(open([Asker, Caller])).rejects.toThrow(/Asker can not be a consumer.*for each request/);
    await expect(open([PasserBy])).rejects.toThrow('PasserBy can not be a consumer');
  });

  it('refuse two consumers of one name', async () => {
    @EventConsumer('greeter')
    class Welcomer {
      @On(UserCreated)
      async welcome(): Promise<void> {}
    }

    await expect(open([Greeter, Phrases, Welcomer])).rejects.toThrow('There is a consumer greeter already');
  });

  it('refuse a class without a name, without a method, and a controller', async () => {
    class Nameless {
      @On(UserCreated)
      async greet(): Promise<void> {}
    }
    @EventConsumer('idle')
    class Idle {}
    @Controller()
    class Greetings {
      @On(UserCreated)
      async greet(): Promise<void> {}
    }

    await expect(open([Nameless])).rejects.toThrow("Nameless has methods @On. Give it a name: @EventConsumer('…')");
    await expect(open([Idle])).rejects.toThrow('Idle is an @EventConsumer, but has no method @On');
    await expect(open([], [Greetings])).rejects.toThrow('Greetings has methods @On, so it must be a provider');
  });

  it('refuse two methods for one event', () => {
    const declare = () => {
      class Twice {
        @On(UserCreated)
        async greet(): Promise<void> {}

        @On(UserCreated)
        async welcome(): Promise<void> {}
      }
      return Twice;
    };

    expect(declare).toThrow('Twice has two methods @On(UserCreated): greet and welcome.');
  });

  it('refuse the wrong event: the compiler where the fields differ, the class itself where they do not', () => {
    const declare = () => {
      class Wrong {
        // @ts-expect-error A lost parcel has no name.
        @On(ParcelLost)
        async greet(event: UserCreated): Promise<void> {
          void event;
        }
      }
      return Wrong;
    };
    const alike = () => {
      class Alike {
        @On(UserCreated)
        async greet(event: UserDeleted): Promise<void> {
          void event;
        }
      }
      return Alike;
    };

    expect(declare).toThrow('Wrong.greet is @On(ParcelLost) but takes a UserCreated.');
    expect(alike).toThrow('Alike.greet is @On(UserCreated) but takes a UserDeleted.');
  });
});
