import { type Step, wayOf } from '@magasin/event-bus';
import { EventLog, type RecordedEvent, type Trace, traceOf } from '@magasin/event-log';
import { InvalidInput } from '@magasin/hosting';
import { Injectable } from '@nestjs/common';
import type { EventsQuery } from './input';

export interface EventView {
  position: number;
  id: string;
  type: string;
  stream: string;
  version: number;
  recorded_at: string;
  /** The JSON that consumers read. */
  data: unknown;
}

const STREAM_ALONE = {
  detail: 'stream goes with limit and cursor only, from its first version on',
  pointer: '#/stream',
};

/** An event with every consumer that it reached, and how it went there. */
export interface EventWithWay extends EventView, Partial<Trace> {
  source: string;
  way: Step[];
}

@Injectable()
export class ReadEvents {
  constructor(private readonly log: EventLog) {}

  async list({ limit, place, order, type, stream, from }: EventsQuery): Promise<{ items: EventView[]; next?: number }> {
    const { history } = this.log;
    if (stream !== undefined) {
      if (type !== undefined || from !== undefined || order === 'desc') throw new InvalidInput([STREAM_ALONE]);
      const events = await history.stream(stream, place ?? 0, limit);
      return { items: events.map(toView), next: events.length === limit ? events[limit - 1].version : undefined };
    }
    const after = place ?? (from === undefined ? undefined : await this.startAt(from, order));
    const { events, next } = await history.page({ after, limit, newestFirst: order === 'desc', type });
    return { items: events.map(toView), next };
  }

  async read(key: number | string): Promise<EventWithWay | undefined> {
    const { history, identity: source } = this.log;
    const event = typeof key === 'number' ? await history.at(key) : await history.byId(key);
    return (
      event && {
        ...toView(event),
        source,
        ...traceOf(event.metadata),
        way: await wayOf(this.log, { ...event, source }),
      }
    );
  }

  private async startAt(from: string, order: 'asc' | 'desc'): Promise<number> {
    const position = await this.log.history.positionAt(Date.parse(from));
    return order === 'asc' ? position - 1 : position;
  }
}

const toView = ({ position, id, type, stream, version, occurredAt, payload }: RecordedEvent): EventView => ({
  position,
  id,
  type,
  stream,
  version,
  recorded_at: new Date(occurredAt).toISOString(),
  data: JSON.parse(payload) as unknown,
});
