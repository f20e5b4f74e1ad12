import type { Api } from './api';
import type { AuditEntry, Group, Stream } from './answers';

/** A group that was tried: what had failed at `until` or before. */
export interface TriedGroup {
  consumer: string;
  error_key: string;
  until: number;
  retried: number;
}

/** The streams that were tried: the audit has them, step by step. */
export async function triedStreams(
  shop: Api,
  { consumer, error_key, until, retried }: TriedGroup,
): Promise<Set<string>> {
  const tried = new Set<string>();
  let found = 0;
  for await (const { items } of shop.pages<AuditEntry>('/admin/audit', {})) {
    for (const { action, subject, detail } of items) {
      if (action !== 'retry-group' || subject !== `${consumer} error ${error_key}`) continue;
      const step = detail as { until: number; streams: string[] };
      if (step.until !== until) continue;
      for (const stream of step.streams) tried.add(stream);
      found += step.streams.length;
    }
    if (found >= retried) break;
  }
  return tried;
}

/** How many have not been tried yet: they still stand as they failed. The list begins with these. */
export async function stillToTry(shop: Api, { consumer, error_key, until }: TriedGroup, tried: Set<string>) {
  let count = 0;
  for await (const { items } of shop.pages<Stream>('/admin/parked/streams', { consumer, error_key })) {
    const old = items.filter(({ failed_at }) => Date.parse(failed_at) <= until);
    count += old.filter(({ stream }) => tried.has(stream)).length;
    if (old.length < items.length) break;
  }
  return count;
}

/** How many have failed since, be it with another error. */
export async function parkedAgain(shop: Api, { consumer, until }: TriedGroup, tried: Set<string>): Promise<number> {
  let count = 0;
  const { body: groups } = await shop.get<Group[]>('/admin/parked', { consumer });
  for (const { error_key } of groups) {
    for await (const { items } of shop.pages<Stream>('/admin/parked/streams', { consumer, error_key })) {
      count += items.filter(({ stream, failed_at }) => tried.has(stream) && Date.parse(failed_at) > until).length;
    }
  }
  return count;
}
