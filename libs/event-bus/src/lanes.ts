import { crc32 } from 'node:zlib';

const LANES = 8;

/**
 * Events by lanes, each in the order of the log, a lane for some of the streams: order is promised per stream and no
 * more. A bus over partitions mixes streams, so this one does too, and each time in another way: what relies on the
 * order between streams fails here already.
 */
export function inLanes<T extends { stream: string }>(events: T[], turn: number): T[] {
  if (events.length < 2) return events;
  const lanes = Array.from({ length: LANES }, (): T[] => []);
  for (const event of events) lanes[(crc32(event.stream) + turn) % LANES].push(event);
  return lanes.flat();
}
