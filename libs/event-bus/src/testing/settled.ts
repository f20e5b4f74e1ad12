import { setTimeout as pause } from 'node:timers/promises';
import type { Backbone } from '../backbone';
import type { ConsumerStatus } from '../event-bus';
import { ConsumerProgress } from '../progress';

/** Far more than a test may take: the end of a wait for something that never comes. In milliseconds. */
const PATIENCE_MS = 20_000;

/**
 * Waits until every consumer has taken all that is recorded, also what they record themselves.
 * @returns those that can not go on by themselves: they wait for something that is away, or for a person.
 */
export async function settled({ log, bus }: Backbone): Promise<ConsumerStatus[]> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const consumers = await bus.status();
    // One that is stopped and does not say why has not started yet.
    const held = consumers.filter(({ error }) => error !== undefined);
    // The stored positions: a consumer that has none has not even begun. Read before the head, so that they can be
    // behind it and never ahead.
    const progress = await log.reading.manager.find(ConsumerProgress);
    const head = await log.history.head();
    const behind = consumers.filter(
      (one) => !held.includes(one) && progress.find(({ consumer }) => consumer === one.consumer)?.position !== head,
    );
    if (behind.length === 0) return held;
    if (Date.now() > until) {
      const names = behind.map(({ consumer, position }) => `${consumer} (at ${position} of ${head})`);
      throw new Error(`After ${PATIENCE_MS} ms there are still consumers behind: ${names.join(', ')}.`);
    }
    await pause(1);
  }
}
