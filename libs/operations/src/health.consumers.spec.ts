import type { ConsumerStatus } from '@magasin/event-bus';
import { STALE_SECONDS, troublesOf } from './health.consumers';

const NOW = 1_795_000_000_000;

const consumer = (changes: Partial<ConsumerStatus> = {}): ConsumerStatus => ({
  consumer: 'coolriel',
  state: 'running',
  heartbeat_at: NOW,
  position: 7,
  head: 7,
  lag_seconds: 0,
  parked_streams: 0,
  parked_events: 0,
  ...changes,
});

const troubles = (changes: Partial<ConsumerStatus>): string[] => troublesOf([consumer(changes)], 60, NOW);

describe('troublesOf', () => {
  it('finds none in a consumer that runs, and none without consumers', () => {
    expect(troubles({})).toEqual([]);
    expect(troublesOf([], 60, NOW)).toEqual([]);
  });

  it('names who is stopped, and the first line of why', () => {
    expect(troubles({ state: 'stopped' })).toEqual(['consumer coolriel is stopped']);
    expect(troubles({ state: 'stopped', error: 'events are missing\n    at deliver' })).toEqual([
      'consumer coolriel is stopped: events are missing',
    ]);
  });

  it('lets a consumer pause until events have waited for too long, and then says why', () => {
    const paused = { state: 'paused', error: 'connect ECONNREFUSED\n    at Socket' } as const;

    expect(troubles({ ...paused, lag_seconds: 59 })).toEqual([]);
    expect(troubles({ ...paused, lag_seconds: 61 })).toEqual([
      'consumer coolriel is behind: its next event has waited 61 s: connect ECONNREFUSED',
    ]);
  });

  it('takes a heartbeat for stale only past the limit, and expects none of a stopped consumer', () => {
    const heartbeat_at = NOW - STALE_SECONDS * 1_000;

    expect(troubles({ heartbeat_at })).toEqual([]);
    expect(troubles({ heartbeat_at: heartbeat_at - 1_000 })).toEqual([
      'consumer coolriel has shown no sign of life for 31 s',
    ]);
    expect(troubles({ heartbeat_at: 0, state: 'stopped' })).toEqual(['consumer coolriel is stopped']);
  });

  it('measures the lag in time, not in events', () => {
    expect(troubles({ position: 0, head: 1_000_000, lag_seconds: 60 })).toEqual([]);
    expect(troubles({ position: 6, lag_seconds: 60.1 })).toEqual([
      'consumer coolriel is behind: its next event has waited 60 s',
    ]);
  });

  it('leaves parked streams to people', () => {
    expect(troubles({ parked_streams: 3, parked_events: 9 })).toEqual([]);
  });

  it('tells every trouble of every consumer', () => {
    const statuses = [consumer({ lag_seconds: 99, heartbeat_at: 0 }), consumer({ consumer: 'b', state: 'stopped' })];

    expect(troublesOf(statuses, 60, NOW)).toHaveLength(3);
  });
});
