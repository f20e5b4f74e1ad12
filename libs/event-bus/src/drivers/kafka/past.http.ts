import { type EventLog, fromLine, type RecordedEvent } from '@magasin/event-log';
import { Unavailable } from '../../event-bus';
import { ownPast, type Past } from '../../past';

/** How long an owner may take for a page. In milliseconds. */
const PAGE_MS = 10_000;

type Line = RecordedEvent & { source: string };

/**
 * For a consumer with a database of its own: beside its own log, which it reads itself, the one of the owner of its
 * events, by `GET /events` as lines. Which log that is, its events say.
 */
export class HttpPast implements Past {
  private readonly own: Past;

  constructor(
    private readonly log: EventLog,
    /** Of the owner: `http://localhost:5000`. */
    private readonly owner: string,
  ) {
    this.own = ownPast(log);
  }

  async after(source: string, position: number, limit: number): Promise<RecordedEvent[] | undefined> {
    if (source === this.log.identity) return this.own.after(source, position, limit);
    const lines = await this.page(position, limit);
    // Behind the end of a log there is no event to tell whose it is: its first one does.
    const [first] = lines.length > 0 ? lines : await this.page(0, 1);
    return first?.source === source ? lines.map(({ source: _, ...event }) => event) : undefined;
  }

  async others(): Promise<string[]> {
    const [first] = await this.page(0, 1);
    return first && first.source !== this.log.identity ? [first.source] : [];
  }

  private async page(after: number, limit: number): Promise<Line[]> {
    const url = `${this.owner.replace(/\/+$/, '')}/events?after=${after}&limit=${limit}`;
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/x-ndjson' },
        redirect: 'error',
        signal: AbortSignal.timeout(PAGE_MS),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`it answers ${response.status}`);
      return text.split('\n').filter(Boolean).map(fromLine);
    } catch (error) {
      const { message, cause } = error as Error;
      const why = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
      throw new Unavailable(`the past can not be read at ${url}: ${why}`, { cause: error });
    }
  }
}
