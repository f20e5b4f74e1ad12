import { escape } from 'mysql2';
import type { NewEvent } from '../event-writer';

/**
 * The statements that append the events of a unit, in the order in which they were recorded. The row of each stream is
 * raised, and so locked, before any event draws its id: the ids of one stream are in commit order. Streams are raised
 * sorted, so that two units never wait for each other crosswise. Variables carry the versions to the last statement, in
 * one round trip.
 */
export function appendStatements(events: NewEvent[]): string[] {
  if (events.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { stream } of events) counts.set(stream, (counts.get(stream) ?? 0) + 1);
  const streams = [...counts.keys()].toSorted();
  // The last version of each stream: its events count down to it. Of one stream alone the server still knows it when the
  // events come; of several, `@v0` keeps that of the first, and so on.
  const alone = streams.length === 1;
  const lastOf = new Map(streams.map((stream, index) => [stream, alone ? 'LAST_INSERT_ID()' : `@v${index}`]));
  const left = new Map(counts);
  const rows = events.map((event) => {
    const { stream } = event;
    left.set(stream, left.get(stream)! - 1);
    return rowOf(event, `${lastOf.get(stream)} - ${left.get(stream)}`);
  });
  return [
    ...streams.flatMap((stream) => [
      `INSERT INTO stream_head (stream, version) VALUES (${escape(stream)}, LAST_INSERT_ID(${counts.get(stream)}))
       ON DUPLICATE KEY UPDATE version = LAST_INSERT_ID(version + ${counts.get(stream)})`,
      ...(alone ? [] : [`SET ${lastOf.get(stream)} = LAST_INSERT_ID()`]),
    ]),
    `INSERT INTO event_log (event_id, type, stream, version, payload, metadata, occurred_at) VALUES ${rows.join()}`,
  ];
}

const rowOf = ({ id, type, stream, payload, metadata, occurredAt }: NewEvent, version: string): string =>
  `(${[escape(id), escape(type), escape(stream), version, escape(payload), escape(metadata), occurredAt].join()})`;
