import { eventTypeNamed } from '@magasin/contracts';
import { InvalidEvent, MAX_EVENT_BYTES, type UnitOfWork } from '@magasin/event-log';
import { IsNull, LessThanOrEqual, MoreThan, Or } from 'typeorm';
import type { Arrival } from './event-bus';
import { ParkedEvent, ParkedStream, type StreamKey } from './parked';
import { firstOf, removeFirst } from './parking';
import { readEvent, readObject } from './read-event';

// What a person can do to a parked stream. Each begins with an UPDATE of the stream's row, which locks it, and whose
// WHERE says what must still hold: who comes second changes nothing, and is told so. The caller notes what was done in
// the audit, in the same unit.

/** Makes a stream due, with as many tries before it as at first. False when it is not parked, or is due already. */
export async function retryNow(tx: UnitOfWork, key: StreamKey): Promise<boolean> {
  const now = Date.now();
  const notYetDue = { ...key, next_attempt_at: Or(IsNull(), MoreThan(now)) };
  const { affected } = await tx.rows.update(ParkedStream, notYetDue, { attempts: 0, next_attempt_at: now });
  return affected === 1;
}

/** The streams of one consumer that failed last of one kind of error. */
export interface ParkedGroup {
  consumer: string;
  error_key: string;
  /**
   * They failed at that moment or before; milliseconds since 1970. Fixed when the group is chosen: what is tried and
   * fails again has failed since, so that it is not tried again in the same go, and what nobody has seen is not touched.
   */
  until: number;
}

/** Makes so many of a group due. Returns those that it changed: fewer than the limit when no more are left. */
export async function retryGroup(
  tx: UnitOfWork,
  { consumer, error_key, until }: ParkedGroup,
  limit: number,
): Promise<StreamKey[]> {
  const found = await tx.rows.find(ParkedStream, {
    select: { consumer: true, source: true, stream: true },
    where: {
      consumer,
      error_key,
      failed_at: LessThanOrEqual(until),
      next_attempt_at: Or(IsNull(), MoreThan(Date.now())),
    },
    order: { failed_at: 'ASC' },
    take: limit,
  });
  const changed: StreamKey[] = [];
  for (const key of found) if (await retryNow(tx, key)) changed.push(key);
  return changed;
}

/** Takes the first event out without an effect; the next one is due. False when another one is the first by now. */
export async function skipFirst(tx: UnitOfWork, key: StreamKey, position: number): Promise<boolean> {
  if (!(await lock(tx, key)) || (await firstOf(tx, key)).position !== position) return false;
  await makeDue(tx, key);
  await removeFirst(tx, key, position);
  return true;
}

/** One event of a parked stream, as somebody saw it. */
export interface SeenEvent {
  position: number;
  revision: number;
}

/**
 * Gives a waiting event another text, for this consumer only: the log stays as it is. The stream is due afterwards.
 * Returns the text before; undefined when the event waits no more, or not as it was seen.
 *
 * @throws InvalidEvent when it is not an event of the same type and the same stream, or breaks its schema
 */
export async function editEvent(
  tx: UnitOfWork,
  key: StreamKey,
  { position, revision }: SeenEvent,
  payload: string,
): Promise<string | undefined> {
  if (!(await lock(tx, key))) return undefined;
  const seen = { ...key, position, revision };
  const waiting = await tx.rows.findOneBy(ParkedEvent, seen);
  if (!waiting) return undefined;
  const arrival = JSON.parse(waiting.delivery) as Arrival;
  const edited = { ...arrival, ...checked(arrival, payload) };
  await tx.rows.update(ParkedEvent, seen, { delivery: JSON.stringify(edited), revision: revision + 1 });
  await makeDue(tx, key);
  return arrival.payload;
}

/** Locks a stream for a repair and changes nothing: that may yet be refused. False when it is not parked. */
async function lock(tx: UnitOfWork, key: StreamKey): Promise<boolean> {
  const { affected } = await tx.rows.update(ParkedStream, key, { waiting: () => 'waiting' });
  return affected === 1;
}

/** Under the lock of the stream's row. */
async function makeDue(tx: UnitOfWork, key: StreamKey): Promise<void> {
  await tx.rows.update(ParkedStream, key, { attempts: 0, next_attempt_at: Date.now() });
}

function checked({ type, stream, source }: Arrival, payload: string): Pick<Arrival, 'type' | 'payload'> {
  const name = readObject(type || 'An event', payload).event;
  // What nobody could read may become anything that can be read.
  const declared = typeof name === 'string' && (type === '' || type === name) ? eventTypeNamed(name) : undefined;
  if (!declared) throw new InvalidEvent(type || 'An event', [`its event member must be ${type || 'a declared type'}`]);
  const bytes = Buffer.byteLength(payload);
  if (bytes > MAX_EVENT_BYTES) throw new InvalidEvent(declared.name, [`it has ${bytes} bytes`]);
  const other = declared.stream(readEvent(declared.eventClass, payload));
  // In another stream it would have another order. What is foreign may have stood in a stream of its own.
  if (other !== stream && !source.startsWith('foreign:')) {
    throw new InvalidEvent(declared.name, [`it would belong to ${other}, not to ${stream}`]);
  }
  return { type: declared.name, payload };
}
