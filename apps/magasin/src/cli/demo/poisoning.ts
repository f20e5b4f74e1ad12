import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openHistory, withoutPassword } from '@magasin/event-log';
import type { Consumer, StreamDetail } from '../answers';
import { databaseUrl } from '../defaults';
import { type Day, expected, Strange } from './day';
import type { Witness } from './evidence';
import type { Poison } from './ledger';

// From dist/ to what the drills use. It writes as only a fault can, so no lib has it.
const TOOL = resolve(__dirname, '../../../../../../scripts/poison.cjs');
const PARKED_WITHIN_MS = 30_000;
const LOOK_AGAIN_MS = 100;
/** Far from the ids of users. */
const FIRST_ID = 900_000_000;

/**
 * Puts an event that nobody can read into the log of the shop. It can where this machine has the log's file, or reaches its server.
 * @returns why it could not
 */
export async function poison({ at, caller, ledger }: Day): Promise<string | undefined> {
  const url = databaseUrl();
  const { items } = (await caller.get<{ items: { id: string }[] }>(`${at.store}/events?order=desc&limit=1`)).body;
  const log = await openHistory(url).catch((error: Error) => error);
  if (log instanceof Error) return `${log.message} (DATABASE_URL says where the log of the shop is.)`;
  // Its identity is not enough: the file that was moved elsewhere, or a copy, has the same.
  const newest = await log.history.byId(items[0]?.id ?? '');
  await log.close();
  if (!newest) return `The log of this shop is not the one in ${withoutPassword(url)} (DATABASE_URL).`;

  const { poison: put } = (await import(TOOL)) as typeof import('../../../../../scripts/poison.cjs');
  const id = FIRST_ID + ledger.begun;
  const stream = `user-${id}`;
  const position = await put(url, stream, `{"event":"UserCreated","id":${id},"email":`);
  ledger.poison = { position, stream, parked_by: [], skipped: false };
  return undefined;
}

/** Waits until everybody has come past it, and finds out who has it parked now. */
export async function findParked(day: Day, witness: Witness, found: Poison): Promise<void> {
  let consumers: Consumer[];
  for (const until = Date.now() + PARKED_WITHIN_MS; ;) {
    consumers = await witness.consumers();
    if (consumers.every(({ position }) => position >= found.position)) break;
    if (Date.now() > until) throw new Strange(`Not everybody has come past event ${found.position}, the poisoned one`);
    await delay(LOOK_AGAIN_MS);
  }
  for (const { consumer } of consumers) {
    if (await read(day, consumer, found)) found.parked_by.push(consumer);
  }
}

/** Skips it for all who have it parked, as a person would. */
export async function skip(day: Day, found: Poison, who: string): Promise<void> {
  const { position, stream, parked_by } = found;
  for (const consumer of parked_by) {
    const body = { consumer, stream, position, who, why: 'The demo has poisoned it.' };
    for (const until = Date.now() + PARKED_WITHIN_MS; ;) {
      const reply = await day.caller.post(`${day.at.store}/admin/parked/skip`, body);
      // It is being tried at this moment, or the skip before this one had lost its answer.
      const past = reply.status === 200 || (reply.again && reply.status === 404);
      if (past) break;
      if (reply.status !== 409 || Date.now() > until) expected(reply, `POST /admin/parked/skip of ${stream}`, 200);
      await delay(LOOK_AGAIN_MS);
    }
  }
  found.skipped = parked_by.length > 0;
}

async function read({ at, caller }: Day, consumer: string, { stream }: Poison): Promise<StreamDetail | undefined> {
  const query = new URLSearchParams({ consumer, stream });
  const reply = await caller.get<StreamDetail>(`${at.store}/admin/parked/stream?${query.toString()}`);
  if (reply.status === 404) return undefined;
  return expected(reply, `GET /admin/parked/stream of ${stream}`, 200);
}
