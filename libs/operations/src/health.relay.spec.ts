import type { RelayStatus } from '@magasin/event-bus';
import { troublesOfRelay } from './health.relay';

const NOW = 1_795_000_000_000;

const troubles = (changes: Partial<RelayStatus>): string[] =>
  troublesOfRelay({ state: 'leading', owner: 'me', heartbeat_at: NOW, waiting: [], ...changes }, 60, NOW);

describe('troublesOfRelay', () => {
  it('finds none in one that leads or follows', () => {
    expect(troubles({})).toEqual([]);
    expect(troubles({ state: 'following', owner: 'another' })).toEqual([]);
  });

  it('names one that is stopped, or that something holds', () => {
    expect(troubles({ state: 'stopped' })).toEqual(['the relay is stopped']);
    expect(troubles({ heartbeat_at: NOW - 31_000, error: 'connect ECONNREFUSED' })).toEqual([
      'the relay has shown no sign of life for 31 s: connect ECONNREFUSED',
    ]);
  });

  it('names a topic whose events have waited for too long, and why', () => {
    const waiting = (lag_seconds: number) => [{ topic: 'order-events', error: 'it has 4 partitions', lag_seconds }];

    expect(troubles({ waiting: waiting(60) })).toEqual([]);
    expect(troubles({ waiting: waiting(61) })).toEqual([
      'the relay is behind on order-events: its next event has waited 61 s: it has 4 partitions',
    ]);
  });
});
