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
    // After that look: what a consumer has recorded with its last step may have no position yet, but counts.
    const head = await log.history.end();
    const behind = consumers.filter(
      (one) => !held.includes(one) && progress.find(({ consumer }) => consumer === one.consumer)?.position !== head,
    );
    // Numbered too: where nobody consumes, only the relay gives what was recorded its place in the history.
    if (behind.length === 0 && (await log.history.head()) >= head) return held;
    if (Date.now() > until) {
      const names = behind.map(({ consumer, position }) => `${consumer} (at ${position} of ${head})`);
      throw new Error(`After ${PATIENCE_MS} ms there are still consumers behind: ${names.join(', ')}.`);
    }
    await pause(1);
  }
}
