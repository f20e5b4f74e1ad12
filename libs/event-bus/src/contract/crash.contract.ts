import type { Backbone } from '../backbone';
import { ConsumerProgress, HANDED_OVER } from '../progress';
import { TakenTypes } from '../taken-types';
import { TrailEntry } from '../trail';
import { wayOf } from '../way';
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
        const every = Number(process.env.CRASH_EVERY ?? harness.crashEvery ?? 1);
        let next = 1;
        const work = async (): Promise<void> => {
          while (!finished) {
            const crashed = await crashAndRecover(harness, scenario, (next += every) - every);
            if (crashed) crashes += 1;
            else finished = true;
          }
        };

        await Promise.all(upTo(ABREAST).map(work));

        // Far fewer would mean that the processes die of something else. On a server one trip carries several statements.
        expect(crashes).toBeGreaterThan(10 / every);
      },
      1_200_000,
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

/** The trail of each lane has each position once, without a gap, up to the progress, and each event has its place there. */
async function expectProgressAndTrailAgree({ log }: Backbone, consumer: string): Promise<void> {
  const { manager } = log.reading;
  for (const { position, ...lane } of await manager.findBy(ConsumerProgress, { consumer })) {
    const [first] = await manager.find(TakenTypes, { where: lane, order: { from_position: 'ASC' } });
    const trail = await manager.find(TrailEntry, { where: { ...lane, retried: false }, order: { to_position: 'ASC' } });
    const reached = position === HANDED_OVER ? (trail.at(-1)?.to_position ?? 0) : position;
    const positions = trail.flatMap((entry) => upTo(entry.to_position).slice(entry.from_position - 1));
    expect(positions).toEqual(upTo(reached).slice(first.from_position - 1));
  }
  for (const event of await log.history.after(0, 1_000)) {
    const way = await wayOf(log, { ...event, source: log.identity });
    expect(way.find((step) => step.consumer === consumer)).toMatchObject({
      state: 'handled',
      latency_ms: expect.any(Number),
    });
  }
}
