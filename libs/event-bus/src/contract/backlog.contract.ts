import { build, runChild } from './children';
import { record, upTo, user } from './effects';
import { eventually, type EventBusHarness, Scene } from './scene';

const EVENTS = 100_000;
const PER_UNIT = 2_000;
const LIMIT_MB = 100;

export function backlogContract(harness: EventBusHarness): void {
  describe('a slow consumer', () => {
    beforeAll(build);

    it(`works through ${EVENTS} waiting events and grows by less than ${LIMIT_MB} MB`, async () => {
      const scene = await Scene.create(harness);
      const { log } = await scene.open();
      const units = upTo(EVENTS / PER_UNIT).map((unit) =>
        record(log, ...upTo(PER_UNIT).map((number) => user(number, `${unit} `.padEnd(100, 'x')))),
      );
      await Promise.all(units);
      await eventually(async () => (await log.history.head()) === EVENTS);

      const { stdout, stderr } = await runChild('backlog.child', { address: scene.address, events: EVENTS });

      await scene.end();
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^\d+$/);
      expect(Number(stdout)).toBeLessThan(LIMIT_MB);
    }, 60_000);
  });
}
