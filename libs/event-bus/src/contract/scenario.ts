import type { EventLog } from '@magasin/event-log';
import type { Backbone } from '../backbone';
import type { RetryPolicy } from '../retry-policy';
import { upTo, user, writesEffects, Written } from './effects';

/** A few units and consumers, small enough to be killed before each of its statements. */
export interface Scenario {
  consumers: string[];
  /** How often a process fails on the event named `poison` before it handles it. */
  failures: number;
  units: number;
  /** The units are asked for at once, so that they share a COMMIT where the database groups them. */
  together: boolean;
}

export const SCENARIOS = {
  plain: { consumers: ['mailer', 'counter'], failures: 0, units: 2, together: true },
  poisoned: { consumers: ['mailer'], failures: 4, units: 2, together: false },
} satisfies Record<string, Scenario>;

export const AT_ONCE: RetryPolicy = { firstDelayMs: 1, longestDelayMs: 2, limit: 10_000 };

export function subscribeAll({ bus }: Backbone, { consumers, failures }: Scenario): void {
  for (const consumer of consumers) {
    let left = failures;
    bus.subscribe(
      writesEffects(consumer, ({ name }) => {
        if (name === 'poison' && left-- > 0) throw new Error('no cure');
      }),
    );
  }
}

/** Its row, and two events: the poison in the stream that all units share, the other in a stream of the unit. */
export const writeUnit = (log: EventLog, unit: number): Promise<void> =>
  log.transaction(async (tx) => {
    await tx.rows.insert(Written, { unit });
    tx.record(user(100, unit === 1 ? 'poison' : String(unit)));
    tx.record(user(unit, String(unit)));
  });

export const eventsOf = ({ units }: Scenario): number => units * 2;

export async function writeUnits(
  log: EventLog,
  { units, together }: Scenario,
  done: (unit: number) => void,
): Promise<void> {
  const write = async (unit: number): Promise<void> => {
    await writeUnit(log, unit);
    done(unit);
  };
  if (together) await Promise.all(upTo(units).map(write));
  else for (const unit of upTo(units)) await write(unit);
}
