import { Controller } from '@nestjs/common';
import {
  Ctx,
  EventPattern,
  type KafkaContext,
  type MicroserviceOptions,
  Payload,
  Transport,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import type { Backbone } from '../../backbone';
import type { OwnBrokers } from '../../contract/brokers';
import { build, spawnChild } from '../../contract/children';
import { record, upTo, user, writesEffects } from '../../contract/effects';
import { caughtUp, eventually, expectOneEffectEach, Scene } from '../../contract/scene';
import { ConsumerProgress, HANDED_OVER } from '../../progress';
import { kafkaHarness } from './kafka.harness';
import { needs } from '../../../../../tests/needs';

needs('kafka')('A member of a group', () => {
  let scene: Scene;
  let shop: Backbone;
  let brokers: OwnBrokers;
  let topic: string;

  const followsTopics = (): Promise<boolean> =>
    shop.log.reading.manager.existsBy(ConsumerProgress, { consumer: 'mailer', position: HANDED_OVER });
  const start = async (): Promise<void> => {
    shop.bus.subscribe(writesEffects('mailer'));
    await shop.bus.start();
    await eventually(followsTopics);
  };

  beforeAll(build);
  beforeEach(async () => {
    scene = await Scene.create(kafkaHarness);
    shop = await scene.open();
    brokers = scene.address.kafka as OwnBrokers;
    topic = `${brokers.topicPrefix}user-events`;
  });

  afterEach(() => scene.end());

  it('shares its partitions with who joins, and takes over from who leaves, in the midst of it all', async () => {
    await start();
    let writing = true;
    const write = async (): Promise<void> => {
      for (const turn of upTo(60))
        await record(shop.log, ...upTo(20).map((number) => user(1 + ((number * turn) % 25))));
      writing = false;
    };
    const comeAndGo = async (): Promise<void> => {
      while (writing) {
        const other = await scene.open();
        other.bus.subscribe(writesEffects('mailer'));
        await other.bus.start();
        await eventually(() => !writing || other.bus.counts('mailer').handled > 20);
        await scene.close(other);
      }
    };

    await Promise.all([write(), comeAndGo()]);

    await eventually(() => caughtUp(shop, 'mailer'));
    await expectOneEffectEach(shop, 'mailer');
  });

  it.each(['SIGKILL', 'SIGSTOP'] as const)(
    'takes over from a member that gets a %s, and one that wakes does no harm',
    async (signal) => {
      const member = spawnChild('member.child', scene.address);
      try {
        await eventually(followsTopics);
        await start();
        for (const turn of upTo(3)) {
          await record(shop.log, ...upTo(9).map((number) => user(number, String(turn))));
          await eventually(() => caughtUp(shop, 'mailer'));
        }
        const before = shop.bus.counts('mailer').handled;
        // Else it would have nothing to leave.
        expect(before).toBeLessThan(27);

        member.kill(signal);
        await record(shop.log, ...upTo(9).map((number) => user(number)));
        await eventually(() => caughtUp(shop, 'mailer'));
        member.kill('SIGCONT');
        for (const turn of upTo(20)) await record(shop.log, ...upTo(9).map((number) => user(number, String(turn))));

        await eventually(() => caughtUp(shop, 'mailer'));
        await expectOneEffectEach(shop, 'mailer');
      } finally {
        member.kill('SIGKILL');
      }
    },
  );

  it('stands beside a plain microservice of Nest, which gets every event, and needs nothing of ours', async () => {
    const seen: [number, string][] = [];
    @Controller()
    class Listener {
      @EventPattern(topic)
      hear(@Payload() data: object, @Ctx() context: unknown): void {
        const { event, name } = data as { event: string; name: string };
        const { headers } = (context as KafkaContext).getMessage();
        seen.push([Number(headers?.ce_position), `${event} ${name}`]);
      }
    }
    const testing = await Test.createTestingModule({ controllers: [Listener] }).compile();
    await start();
    await record(shop.log, user(1, 'a'), user(2, 'b'));
    await eventually(() => caughtUp(shop, 'mailer'));
    const app = testing.createNestMicroservice<MicroserviceOptions>({
      transport: Transport.KAFKA,
      options: {
        client: { brokers: brokers.brokers },
        consumer: { groupId: `${brokers.groupPrefix}listener` },
        subscribe: { fromBeginning: true },
      },
    });
    await app.listen();
    await record(shop.log, user(1, 'c'));

    await eventually(() => seen.length === 3);
    await app.close();
    expect(seen.toSorted(([a], [b]) => a - b)).toEqual([
      [1, 'UserCreated a'],
      [2, 'UserCreated b'],
      [3, 'UserCreated c'],
    ]);
  });
});
