import { type BoundRange, NothingNamed, type Range, type Selection, spanOf, typesOf } from '@magasin/event-log';
import { InvalidInput } from '@magasin/hosting';
import type { EventsQuery } from './input';

type Asked = Pick<EventsQuery, 'type' | 'topic' | 'stream' | 'from' | 'to' | 'after'>;

/** @throws InvalidInput when the topic does not exist, or has none of the types. */
export function selectionOf({ type, topic, stream, from, to, after }: Asked): Selection {
  try {
    const types = typesOf({ types: type, topic });
    return { stream, types, after, from: momentOf(from, 'first'), to: momentOf(to, 'last') };
  } catch (error) {
    if (!(error instanceof NothingNamed)) throw error;
    throw new InvalidInput([{ detail: error.message, pointer: '#/topic' }]);
  }
}

/** What is left of a range at the place where the page before ended. */
export function restOf(range: BoundRange, place: number | undefined, newestFirst: boolean): Range {
  if (place === undefined) return range;
  return newestFirst
    ? { ...range, upTo: Math.min(range.upTo, place - 1) }
    : { ...range, after: Math.max(range.after, place) };
}

const momentOf = (text: string | undefined, end: 'first' | 'last'): number | undefined =>
  text === undefined ? undefined : spanOf(text)?.[end];
