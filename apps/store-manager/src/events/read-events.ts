import { type Step, wayOf } from '@magasin/event-bus';
import { EventLog, type EventLine, type RecordedEvent, toLine } from '@magasin/event-log';
import { InvalidInput, LONGEST_PAGE, PAGE_LIMIT, type Page, toPage } from '@magasin/hosting';
import { Injectable } from '@nestjs/common';
import type { EventsQuery } from './input';
import { restOf, selectionOf } from './selection';

/** An event with every consumer that it reached, and how it went there. */
export interface EventWithWay extends EventLine {
  way: Step[];
}

@Injectable()
export class ReadEvents {
  constructor(private readonly log: EventLog) {}

  async list({ limit = PAGE_LIMIT, place, order, ...asked }: EventsQuery): Promise<Page<EventLine>> {
    if (limit > LONGEST_PAGE) throw new InvalidInput([PAGE_TOO_LONG]);
    const newestFirst = order === 'desc';
    const range = await this.log.history.find(selectionOf(asked));
    const { events, next } = await this.log.history.page({ ...restOf(range, place, newestFirst), limit, newestFirst });
    return toPage(
      events.map((event) => this.toView(event)),
      next,
    );
  }

  async read(key: number | string): Promise<EventWithWay | undefined> {
    const { history, identity: source } = this.log;
    const event = typeof key === 'number' ? await history.at(key) : await history.byId(key);
    return event && { ...this.toView(event), way: await wayOf(this.log, { ...event, source }) };
  }

  /** An event looks the same in a page, alone and as a line. */
  toView(event: RecordedEvent): EventLine {
    return JSON.parse(toLine(this.log.identity, event)) as EventLine;
  }
}

const PAGE_TOO_LONG = {
  detail: `limit must not be greater than ${LONGEST_PAGE} in a page: for more, ask for application/x-ndjson`,
  pointer: '#/limit',
};
