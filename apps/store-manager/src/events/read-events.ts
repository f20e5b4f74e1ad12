import { wayOf } from '@magasin/event-bus';
import { EventLog } from '@magasin/event-log';
import { InvalidInput, LONGEST_PAGE, PAGE_LIMIT, type Page, toPage } from '@magasin/hosting';
import { Injectable } from '@nestjs/common';
import type { EventsQuery } from './input';
import { restOf, selectionOf } from './selection';
import { type EventView, type EventWithWay, toView, withWay } from './views';

@Injectable()
export class ReadEvents {
  constructor(private readonly log: EventLog) {}

  async list({ limit = PAGE_LIMIT, place, order, ...asked }: EventsQuery): Promise<Page<EventView>> {
    if (limit > LONGEST_PAGE) throw new InvalidInput([PAGE_TOO_LONG]);
    const { history, identity } = this.log;
    const newestFirst = order === 'desc';
    const range = await history.find(selectionOf(asked));
    const { events, next } = await history.page({ ...restOf(range, place, newestFirst), limit, newestFirst });
    return toPage(
      events.map((event) => toView(identity, event)),
      next,
    );
  }

  async read(key: number | string): Promise<EventWithWay | undefined> {
    const { history, identity: source } = this.log;
    const event = typeof key === 'number' ? await history.at(key) : await history.byId(key);
    return event && withWay(source, event, await wayOf(this.log, { ...event, source }));
  }
}

const PAGE_TOO_LONG = {
  detail: `limit must not be greater than ${LONGEST_PAGE} in a page: for more, ask for application/x-ndjson`,
  pointer: '#/limit',
};
