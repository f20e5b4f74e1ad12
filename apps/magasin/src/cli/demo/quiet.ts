import { setTimeout as delay } from 'node:timers/promises';
import type { Witness } from './evidence';

const LOOK_AGAIN_MS = 100;
const ON_ITS_WAY = new Set(['queued', 'connecting', 'sending']);

/**
 * Waits until nothing of ours is on its way any more: every consumer has come past the last event of ours, and what they
 * record in reaction is an event of ours too; every e-mail of ours has gone, or waits for a person.
 * @returns what still was on its way after so many seconds; undefined when nothing is
 */
export async function untilQuiet(witness: Witness, seconds: number): Promise<string | undefined> {
  for (const until = Date.now() + seconds * 1_000; ;) {
    const onItsWay = await lookAround(witness);
    if (onItsWay === undefined) return undefined;
    if (Date.now() >= until) return `After ${seconds} s it was not quiet: ${onItsWay}.`;
    await delay(LOOK_AGAIN_MS);
  }
}

async function lookAround(witness: Witness): Promise<string | undefined> {
  // The consumers before the log: what they had recorded by then is in it.
  const consumers = await witness.consumers();
  const log = await witness.log();
  const behind = consumers.find(({ position }) => position < log.last);
  if (behind) return `${behind.consumer} is at ${behind.position}, our last event at ${log.last}`;
  const emails = await witness.emails(log.entries[0]);
  const waiting = emails.filter(({ state }) => ON_ITS_WAY.has(state)).length;
  return waiting > 0 ? `${waiting} e-mails are not sent yet` : undefined;
}
