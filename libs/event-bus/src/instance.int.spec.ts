import { onBothDatabases } from '@magasin/event-log/testing';
import { type Backbone, openBackbone } from './backbone';
import { ConsumerInstance, endReplay, orderInstance, swapIn } from './instance';

const MANY = 16;

onBothDatabases('An instance', (databases) => {
  let url: string;
  let backbone: Backbone;
  beforeEach(async () => {
    url = databases.create();
    backbone = await openBackbone({ url });
  });
  afterEach(async () => {
    await backbone.log.close();
    await databases.remove(url);
  });

  const order = (purpose: ConsumerInstance['purpose']): Promise<string | undefined> =>
    backbone.log.transaction((tx) => orderInstance(tx, { consumer: 'reports', purpose }));
  const running = (): Promise<ConsumerInstance> =>
    backbone.log.reading.manager.findOneByOrFail(ConsumerInstance, { state: 'running' });

  it.each([
    ['rebuild', swapIn, ['reports@2', 'reports@3']],
    ['replay', endReplay, ['reports@replay-1', 'reports@replay-2']],
  ] as const)('is one %s of many that are ordered at once, and has a name of its own', async (purpose, end, names) => {
    for (const name of names) {
      const ordered = await Promise.all(Array.from({ length: MANY }, () => order(purpose)));

      expect(ordered.filter((one) => one !== undefined)).toEqual([name]);
      const instance = await running();
      await Promise.all(Array.from({ length: MANY }, () => backbone.log.transaction((tx) => end(tx, instance))));
    }
    const kept = await backbone.log.reading.manager.find(ConsumerInstance, { order: { instance: 'ASC' } });
    expect(kept.map(({ instance, state }) => `${instance} ${state}`)).toEqual(
      purpose === 'rebuild'
        ? ['reports replaced', 'reports@2 replaced', 'reports@3 active']
        : names.map((name) => `${name} done`),
    );
  });
});
