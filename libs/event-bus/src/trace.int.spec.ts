import { UserCreated, UserDeleted } from '@magasin/contracts';
import { runInTrace, traceOf } from '@magasin/event-log';
import type { Backbone } from './backbone';
import { record, upTo, user } from './contract/effects';
import { allEvents, eventually, Scene } from './contract/scene';
import { databaseHarness } from './drivers/database.harness';
import { on } from './event-bus';

describe('The trace of an event', () => {
  let scene: Scene;
  let shop: Backbone;
  beforeEach(async () => {
    scene = await Scene.create(databaseHarness);
    shop = await scene.open();
  });
  afterEach(() => scene.end());

  it('is that of the events which are recorded in reaction to it, also when one batch has many', async () => {
    const handlers = [on(UserCreated, async ({ datetime: _, ...facts }, tx) => tx.record(UserDeleted.of(facts)))];
    shop.bus.subscribe({ name: 'reaction', handlers });
    const ids = upTo(20);
    await Promise.all(
      ids.map((id) => runInTrace({ correlation_id: `request ${id}` }, () => record(shop.log, user(id, 'Ada')))),
    );
    await record(shop.log, user(21, 'Nobody asked'));

    await shop.bus.start();
    await eventually(async () => (await shop.log.history.head()) === 42);

    const traces = (await allEvents(shop)).map(({ type, stream, metadata }) => [
      type,
      stream,
      traceOf(metadata)?.correlation_id,
    ]);
    const expected = [...ids.map((id) => [`user-${id}`, `request ${id}`]), ['user-21', undefined]];
    for (const type of ['UserCreated', 'UserDeleted']) {
      expect(traces.filter(([of]) => of === type).map(([, ...trace]) => trace)).toEqual(
        expect.arrayContaining(expected),
      );
    }
  });
});
