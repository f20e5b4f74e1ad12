import { build, runChild } from './children';
import { record, upTo, user } from './effects';
import { eventually, type EventBusHarness, Scene } from './scene';

const EVENTS = 100_000;
const PER_UNIT = 2_000;

export function backlogContract(harness: EventBusHarness): void {
  // Measured: 2 to 8, over Kafka up to 35. All of the events at once would be more than 60.
  const { mostMb = 55 } = harness;
  describe('a slow consumer', () => {
    beforeAll(build);

    it(`works through ${EVENTS} waiting events and grows by less than ${mostMb} MB`, async () => {
      const scene = await Scene.create(harness);
      const { log, bus } = await scene.open();
      // Without a consumer: it carries the events to where they wait.
      await bus.start();
      // One after the other: a slow machine that gets all of them at once does not even connect in time.
      for (const unit of upTo(EVENTS / PER_UNIT))
        await record(log, ...upTo(PER_UNIT).map((number) => user(number, `${unit} `.padEnd(100, 'x'))));
      await eventually(async () => (await log.history.head()) === EVENTS);

      const { stdout, stderr } = await runChild('backlog.child', { address: scene.address, events: EVENTS });

      await scene.end();
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^\d+$/);
      expect(Number(stdout)).toBeLessThan(mostMb);
    }, 300_000);
  });
}
