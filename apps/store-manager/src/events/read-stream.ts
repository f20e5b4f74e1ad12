import { EventLog, type EventLine, spanOf } from '@magasin/event-log';
import { toPage } from '@magasin/hosting';
import { Injectable } from '@nestjs/common';
import { StreamNotFound } from './errors';
import type { StreamQuery } from './input';
import { ReadEvents } from './read-events';
import { restOf } from './selection';

/** The events of one stream up to a moment: from them its state of then can be told. */
export interface StreamAt {
  stream: string;
  /** The version that it had then, 0 before its first event; `events` go there page by page. */
  version: number;
  at: string;
  events: EventLine[];
  nextCursor: string | null;
}

@Injectable()
export class ReadStream {
  constructor(
    private readonly log: EventLog,
    private readonly readEvents: ReadEvents,
  ) {}

  async read(stream: string, { at, version = Infinity, limit, place }: StreamQuery): Promise<StreamAt> {
    const { history } = this.log;
    const to = at === undefined ? Date.now() : spanOf(at)!.last;
    if ((await history.versionOf(stream)) === 0) throw new StreamNotFound(stream);
    // Without `at` no time is looked at: a clock that was set back would hide the newest events.
    const found = await history.find({ stream, to: at === undefined ? undefined : to });
    const range = { ...found, upTo: Math.min(found.upTo, version) };
    const page = await history.page({ ...restOf(range, place, false), limit });
    const { items: events, nextCursor } = toPage(
      page.events.map((event) => this.readEvents.toView(event)),
      page.next,
    );
    return { stream, version: range.upTo, at: new Date(to).toISOString(), events, nextCursor };
  }
}
