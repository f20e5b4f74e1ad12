import { EventLog, spanOf } from '@magasin/event-log';
import { toPage } from '@magasin/hosting';
import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { StreamNotFound } from './errors';
import type { StreamQuery } from './input';
import { restOf } from './selection';
import { EventView, toView } from './views';

/** The events of one stream up to a moment: from them its state of then can be told. */
export class StreamAt {
  @ApiProperty({ example: 'user-6' })
  stream: string;

  @ApiProperty({
    type: 'integer',
    description: 'The version that it had then, 0 before its first event; `events` go there page by page.',
    example: 1,
  })
  version: number;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T16:00:41.491Z' })
  at: string;

  @ApiProperty({ type: [EventView] })
  events: EventView[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'For the next page; null on the last one.',
    example: 'NTA',
  })
  nextCursor: string | null;
}

@Injectable()
export class ReadStream {
  constructor(private readonly log: EventLog) {}

  async read(stream: string, { at, version = Infinity, limit, place }: StreamQuery): Promise<StreamAt> {
    const { history, identity } = this.log;
    const to = at === undefined ? Date.now() : spanOf(at)!.last;
    if ((await history.versionOf(stream)) === 0) throw new StreamNotFound(stream);
    // Without `at` no time is looked at: a clock that was set back would hide the newest events.
    const found = await history.find({ stream, to: at === undefined ? undefined : to });
    const range = { ...found, upTo: Math.min(found.upTo, version) };
    const page = await history.page({ ...restOf(range, place, false), limit });
    const { items: events, nextCursor } = toPage(
      page.events.map((event) => toView(identity, event)),
      page.next,
    );
    return { stream, version: range.upTo, at: new Date(to).toISOString(), events, nextCursor };
  }
}
