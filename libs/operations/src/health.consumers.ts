import type { ConsumerStatus } from '@magasin/event-bus';

/** A consumer's loop shows that it lives every few seconds. After so long without, something holds it. */
export const STALE_SECONDS = 30;

/**
 * Why the consumers are not well, one reason a line; none when they are. Parked streams wait for a person. One that
 * pauses waits for somebody else, and goes on by itself: that is told when events have waited for too long.
 */
export function troublesOf(consumers: ConsumerStatus[], lagSeconds: number, now: number): string[] {
  return consumers.flatMap(({ consumer, state, error, heartbeat_at, lag_seconds }) => {
    const silent = (now - heartbeat_at) / 1_000;
    const why = error ? `: ${error.split('\n')[0]}` : '';
    const troubles = [
      state === 'stopped' && `is stopped${why}`,
      state !== 'stopped' && silent > STALE_SECONDS && `has shown no sign of life for ${Math.round(silent)} s`,
      lag_seconds > lagSeconds &&
        `is behind: its next event has waited ${Math.round(lag_seconds)} s${state === 'paused' ? why : ''}`,
    ];
    return troubles.filter((trouble) => trouble !== false).map((trouble) => `consumer ${consumer} ${trouble}`);
  });
}
