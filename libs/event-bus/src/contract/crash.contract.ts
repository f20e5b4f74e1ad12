import type { Backbone } from '../backbone';
import { ConsumerProgress } from '../progress';
import { TrailEntry } from '../trail';
import { build, runChild } from './children';
import { byStream, upTo, Written } from './effects';
import { AT_ONCE, type Scenario, SCENARIOS, subscribeAll, writeUnit } from './scenario';
import { allEvents, caughtUp, eventually, type EventBusHarness, expectOneEffectEach, parkedOf, Scene } from './scene';

/** Children at the same time. */
const ABREAST = 2;

export function crashContract(harness: EventBusHarness): void {
  describe('a crash', () => {
    beforeAll(build);

    it.each(Object.entries(SCENARIOS))(
      'before any statement loses nothing and doubles nothing: %s',
      async (_, scenario: Scenario) => {
        let crashes = 0;
        let finished = false;
        let next = 1;
        const work = async (): Promise<void> => {
          while (!finished) {
            const crashed = await crashAndRecover(harness, scenario, next++);
            if (crashed) crashes += 1;
            else finished = true;
          }
        };

        await Promise.all(upTo(ABREAST).map(work));

        // Far fewer would mean that the processes die of something else.
        expect(crashes).toBeGreaterThan(40);
      },
      120_000,
    );
  });
}

/** @returns false when the scenario has fewer statements than n, so that nobody died. */
async function crashAndRecover(harness: EventBusHarness, scenario: Scenario, n: number): Promise<boolean> {
  const scene = await Scene.create(harness);
  const { stdout, stderr, signal } = await runChild('crash.child', { address: scene.address, scenario, crashAt: n });
  const said = stdout.split('\n').filter(Boolean);
  const finished = said.includes('finished');
  try {
    expect({ n, stderr, signal }).toEqual({ n, stderr: '', signal: finished ? undefined : 'SIGKILL' });
    const backbone = await scene.open({ retries: AT_ONCE });
    subscribeAll(backbone, scenario);
    await backbone.bus.start();
    // Streams must go on counting, also that of a unit that was not acknowledged.
    await writeUnit(backbone.log, scenario.units + 1);
    await eventually(() => caughtUp(backbone, ...scenario.consumers));
    for (const consumer of scenario.consumers) {
      await eventually(async () => (await parkedOf(backbone, consumer)).streams.length === 0);
    }
    await expectRowsAndEventsAgree(backbone, said.filter((line) => line !== 'finished').map(Number));
    await expectOneEffectEach(backbone, ...scenario.consumers);
    for (const consumer of scenario.consumers) await expectProgressAndTrailAgree(backbone, consumer);
  } catch (error) {
    throw new Error(`After a crash before statement ${n}: ${(error as Error).message}`, { cause: error });
  } finally {
    await scene.end();
  }
  return !finished;
}

async function expectRowsAndEventsAgree(backbone: Backbone, acknowledged: number[]): Promise<void> {
  const units = (await backbone.log.reading.manager.find(Written, { order: { unit: 'ASC' } })).map(({ unit }) => unit);
  expect(units).toEqual(expect.arrayContaining(acknowledged));

  const events = await allEvents(backbone);
  expect(events.map(({ position }) => position)).toEqual(upTo(events.length));
  const streams = byStream(events);
  for (const versions of Object.values(streams)) expect(versions).toEqual(upTo(versions.length));
  // Each unit that has its row has one event in its own stream and one in the shared one, and no other has any.
  const own = Object.fromEntries(units.map((unit) => [`user-${unit}`, [1]]));
  expect(streams).toEqual({ ...own, 'user-100': upTo(units.length) });
}

/** The trail has each position once, without a gap, up to the progress, and that is the head. */
async function expectProgressAndTrailAgree({ log }: Backbone, consumer: string): Promise<void> {
  const { manager } = log.reading;
  const [progress] = await manager.findBy(ConsumerProgress, { consumer });
  const trail = await manager.find(TrailEntry, {
    where: { consumer, retried: false },
    order: { to_position: 'ASC' },
  });
  const positions = trail.flatMap((entry) => upTo(entry.to_position).slice(entry.from_position - 1));
  expect(positions).toEqual(upTo(await log.history.head()));
  expect(progress.position).toBe(await log.history.head());
}
