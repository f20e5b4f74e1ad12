import type { Backbone } from '../backbone';
import { record, user, writesEffects } from '../contract/effects';
import { effectNames, eventually, Scene } from '../contract/scene';
import type { ConsumerStatus } from '../event-bus';
import { abandon, ConsumerInstance } from '../instance';
import { ConsumerProgress } from '../progress';
import { ConsumerLoop } from './consumer-loop';
import { databaseHarness } from './database.harness';

const REPLACED = 'mailer has been replaced by another instance';

describe('ConsumerLoop of an instance that another process has replaced', () => {
  let scene: Scene;
  let shop: Backbone;
  let loop: ConsumerLoop;

  const replace = (): Promise<void> =>
    shop.log.transaction(async (tx) => {
      const row = { instance: 'mailer', consumer: 'mailer', purpose: 'rebuild', state: 'replaced' } as const;
      const none = { to_position: null, types: null, ended_at: null };
      const instance = { ...row, ...none, from_position: 1, created_at: 1 };
      await tx.rows.insert(ConsumerInstance, instance);
      await abandon(tx, instance);
    });
  const statusOnce = async (state: ConsumerStatus['state']): Promise<ConsumerStatus> => {
    await eventually(async () => (await loop.status()).state === state);
    return loop.status();
  };

  beforeEach(async () => {
    scene = await Scene.create(databaseHarness);
    shop = await scene.open();
    loop = new ConsumerLoop(shop.log, writesEffects('mailer'));
    await record(shop.log, user(1, 'a'));
  });

  afterEach(async () => {
    await loop.stop();
    await scene.end();
  });

  it('takes nothing more, and says why', async () => {
    loop.start();
    await eventually(async () => (await effectNames(shop, 'mailer')).length === 1);
    await replace();
    await record(shop.log, user(1, 'b'));

    expect((await statusOnce('paused')).error).toContain(REPLACED);
    expect(await effectNames(shop, 'mailer')).toEqual(['a']);
  });

  it('does not begin anew, and says why', async () => {
    await replace();
    loop.start();

    expect((await statusOnce('paused')).error).toContain(REPLACED);
    expect(await effectNames(shop, 'mailer')).toEqual([]);
    expect(await shop.log.reading.manager.count(ConsumerProgress)).toBe(0);
  });
});
