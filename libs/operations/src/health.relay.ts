import type { RelayStatus } from '@magasin/event-bus';
import { STALE_SECONDS } from './health.consumers';

/**
 * Why what is committed does not get out of the log, one reason a line; none when it does. Whether another process than
 * this one leads is no trouble: one of them does, or takes over within seconds.
 */
export function troublesOfRelay(relay: RelayStatus, lagSeconds: number, now: number): string[] {
  const { state, error, heartbeat_at, waiting } = relay;
  const silent = (now - heartbeat_at) / 1_000;
  const late = waiting.filter(({ lag_seconds }) => lag_seconds > lagSeconds);
  return [
    ...(state === 'stopped' ? ['the relay is stopped'] : []),
    ...(state !== 'stopped' && silent > STALE_SECONDS
      ? [`the relay has shown no sign of life for ${Math.round(silent)} s${error ? `: ${error}` : ''}`]
      : []),
    ...late.map(
      ({ topic, lag_seconds, error: why }) =>
        `the relay is behind on ${topic}: its next event has waited ${Math.round(lag_seconds)} s: ${why}`,
    ),
  ];
}
