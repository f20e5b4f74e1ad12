import { type Command, Option } from 'commander';
import { setTimeout } from 'node:timers/promises';
import { EXIT, type ExitCode, Failure, inPart } from './failures';
import type { Api } from './api';
import type { StreamDetail } from './answers';
import { wholeNumber } from './run';
import type { Session } from './session';
import { oneLine } from './terminal/text';

const LOOK_AGAIN_MS = 250;

export interface WaitOption {
  /** Seconds; false: not at all. */
  wait: number | false;
}

/** A repair makes something due; how it went is known moments later. */
export const withWait = (command: Command): Command =>
  command
    .addOption(
      new Option('--wait <seconds>', 'how long to wait for what comes of it').argParser(wholeNumber).default(10),
    )
    .option('--no-wait', 'do not wait for what comes of it');

/** Looks again and again until it is so. False when it was not within so many seconds. */
export async function within(seconds: number, look: () => Promise<boolean>): Promise<boolean> {
  const until = Date.now() + seconds * 1_000;
  while (!(await look())) {
    if (Date.now() >= until) return false;
    await setTimeout(LOOK_AGAIN_MS);
  }
  return true;
}

export interface StreamKey {
  consumer: string;
  stream: string;
  source?: string;
}

/** Undefined when it is not parked. */
export async function readStream(
  shop: Api,
  { consumer, stream, source }: StreamKey,
): Promise<StreamDetail | undefined> {
  try {
    return (await shop.get<StreamDetail>('/admin/parked/stream', { consumer, stream, source })).body;
  } catch (error) {
    if (error instanceof Failure && error.problem.status === 404) return undefined;
    throw error;
  }
}

/**
 * Tells what came of a repair: the stream is free, or parked once more. Each repair sets its attempts to 0, in its own
 * transaction: what failed before that, also just before, does not count.
 */
export async function awaitStream(
  session: Session,
  shop: Api,
  key: StreamKey,
  { wait }: WaitOption,
): Promise<ExitCode> {
  if (wait === false) return EXIT.done;
  let now: StreamDetail | undefined;
  const known = await within(wait, async () => {
    now = await readStream(shop, key);
    return !now || now.attempts > 0;
  }).catch(inPart);
  const name = oneLine(key.stream);
  if (!now) session.say(`${name} is free: nothing of it waits any more.`);
  else if (known) session.say(`${name} is parked again: ${oneLine(now.error)}`);
  else session.say(`${name} is not through after ${wait} s. It goes on: npx magasin parked show tells how it went.`);
  return now ? EXIT.part : EXIT.done;
}
