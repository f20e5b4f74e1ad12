import type { ConsumerPipeline } from '../../consumer-pipeline';
import type { EventsMissing } from '../../errors';
import type { Arrival } from '../../event-bus';
import type { Lane } from '../../progress';
import type { Past } from '../../past';
import { placeOf } from '../../place-of';
import { PAGE } from '../log-to-lanes';

/** What to make of a message that does not follow on the one before it on its partition. */
export class Gap {
  constructor(
    private readonly past: Past,
    private readonly missingEvents: 'stop' | 'log',
  ) {}

  /**
   * Messages that claim a place in a log that is another event's, or nobody's: somebody's program has copied our headers.
   * Believed, one would have all that comes after it dropped, or missed. Only what does not follow on the event before
   * it is looked up, and only in a log that can be read here.
   */
  async liesAmong(arrivals: Arrival[], position: number): Promise<Set<Arrival>> {
    const lies = new Set<Arrival>();
    let reached = position;
    for (const arrival of arrivals) {
      if (arrival.position <= reached) continue;
      if (arrival.previous !== reached && (await this.isLie(arrival))) lies.add(arrival);
      else reached = arrival.position;
    }
    return lies;
  }

  /** Delivers what the topic has forgotten from the log of its source. False when that is not to be, or can not be. */
  async fill(
    pipeline: ConsumerPipeline,
    { source, topic, partition }: Lane,
    { previous: last }: EventsMissing,
    heartbeat: () => Promise<void>,
  ): Promise<boolean> {
    if (this.missingEvents !== 'log') return false;
    for (let read = pipeline.position; read < last;) {
      const events = await this.past.after(source, read, PAGE);
      if (!events?.length) return false;
      read = events.at(-1)!.position;
      const missing = events
        .filter(({ position }) => position <= last)
        .filter((event) => {
          const place = placeOf(event);
          return place.topic === topic && place.partition === partition;
        });
      await pipeline.deliver(missing.map((event) => ({ ...event, source, topic, partition })));
      await heartbeat();
    }
    return pipeline.position >= last;
  }

  private async isLie({ source, position, id }: Arrival): Promise<boolean> {
    const found = await this.past.after(source, position - 1, 1);
    if (!found) return false;
    const [event] = found;
    // What was removed from the log can not be looked up.
    return event === undefined || (event.position === position && event.id !== id);
  }
}
