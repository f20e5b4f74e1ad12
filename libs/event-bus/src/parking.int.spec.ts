import type { Backbone } from './backbone';
import { record, upTo, user } from './contract/effects';
import { allEvents, parkedOf, Scene } from './contract/scene';
import { databaseHarness } from './drivers/database.harness';
import type { Arrival } from './event-bus';
import { Parking } from './parking';
import { DEFAULT_RETRIES, type RetryPolicy } from './retry-policy';

describe('RetryPolicy', () => {
  let scene: Scene;
  let shop: Backbone;
  let delivery: Arrival;

  beforeEach(async () => {
    scene = await Scene.create(databaseHarness);
    shop = await scene.open();
    await record(shop.log, user(1));
    delivery = { ...(await allEvents(shop))[0], source: shop.log.identity };
  });

  afterEach(() => scene.end());

  /** Fails so often, two of them at once, and gives the stored delay after each as [least, most]: the clock ran on meanwhile. */
  async function delaysOf(policy: RetryPolicy, attempts: number): Promise<([number, number] | null)[]> {
    const parking = new Parking(shop.log, 'mailer', policy);
    const delays: ([number, number] | null)[] = [];
    for (const attempt of upTo(attempts).slice(1)) {
      const before = Date.now();
      const [due] = (await parkedOf(shop, 'mailer')).streams;
      await shop.log.transaction(async (tx) => {
        if (attempt === 2) await parking.park(tx, delivery, ['first', 'second']);
        else await parking.fail(tx, due, delivery, `attempt ${attempt}`);
      });
      const after = Date.now();
      const next = (await parkedOf(shop, 'mailer')).streams[0].next_attempt_at;
      delays.push(next === null ? null : [next - after, next - before]);
    }
    return delays;
  }

  it('doubles the delay with each attempt up to the longest, and takes off up to a half of it', async () => {
    const policy = { firstDelayMs: 100_000, longestDelayMs: 1_000_000, limit: 100 };

    const delays = await delaysOf(policy, 8);

    for (const [index, expected] of [100_000, 200_000, 400_000, 800_000, 1_000_000, 1_000_000, 1_000_000].entries()) {
      const [least, most] = delays[index]!;
      expect(least).toBeLessThanOrEqual(expected);
      expect(most).toBeGreaterThanOrEqual(expected / 2);
    }
  });

  it('spreads the delays, so that streams that were parked together are not tried together', async () => {
    const policy = { firstDelayMs: 1_000_000_000, longestDelayMs: 1_000_000_000, limit: 100 };

    const delays = await delaysOf(policy, 30);

    const half = delays.filter((delay) => delay![1] < 750_000_000);
    expect(half.length).toBeGreaterThan(0);
    expect(half.length).toBeLessThan(delays.length);
  });

  it('ends at the limit, where the stream waits for a person', async () => {
    const delays = await delaysOf({ firstDelayMs: 1_000, longestDelayMs: 1_000, limit: 4 }, 4);

    expect(delays.map((delay) => delay === null)).toEqual([false, false, true]);
    expect(await new Parking(shop.log, 'mailer', DEFAULT_RETRIES).nextDue()).toBeUndefined();
  });

  it('goes on for a quarter of an hour by default', async () => {
    const { limit } = DEFAULT_RETRIES;

    const delays = await delaysOf(DEFAULT_RETRIES, limit);

    const longest = delays.slice(0, -1).reduce((sum, delay) => sum + delay![1], 0);
    expect(delays.at(-1)).toBeNull();
    // Doubling from one second, ten times: 1,023 seconds without jitter.
    expect(longest).toBeLessThanOrEqual(1_023_000 + 10_000);
    expect(longest).toBeGreaterThanOrEqual(511_500);
  });

  it('keeps each attempt with its error, numbered through, cut to 4,000 characters', async () => {
    await delaysOf(DEFAULT_RETRIES, 3);
    const parking = new Parking(shop.log, 'mailer', DEFAULT_RETRIES);

    const [due] = (await parkedOf(shop, 'mailer')).streams;
    await shop.log.transaction((tx) => parking.fail(tx, due, delivery, 'x'.repeat(5_000)));

    const { attempts, streams } = await parkedOf(shop, 'mailer');
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(attempts.map(({ error }) => error.slice(0, 10))).toEqual(['first', 'second', 'attempt 3', 'xxxxxxxxxx']);
    expect(attempts[3].error).toHaveLength(4_000);
    expect(streams[0].attempts).toBe(4);
  });
});
