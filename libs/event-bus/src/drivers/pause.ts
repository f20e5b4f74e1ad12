import { EventsMissing, HandedOver, InstanceReplaced, PartitionsDiffer } from '../errors';
import { isOutage } from '../handlers';

// How long a consumer rests that can do nothing now, in milliseconds.
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** The pause after this one; 0 is before the first. */
export const longer = (pause: number): number => Math.min(LONGEST_PAUSE_MS, pause * 2 || FIRST_PAUSE_MS);

/** Half of it at random, so that those who fail together do not come back together. */
export const jittered = (pause: number): number => pause * (0.5 + Math.random() / 2);

/** True for what does not end by itself. It looks again all the same. */
export const needsPerson = (error?: Error): boolean =>
  error instanceof EventsMissing || error instanceof HandedOver || error instanceof PartitionsDiffer;

/** Why it rests, for the log: with the stack, unless the message says all. */
export const inWords = (error: Error): string | undefined =>
  isOutage(error) || needsPerson(error) || error instanceof InstanceReplaced ? error.message : error.stack;
