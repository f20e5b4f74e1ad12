import type { BoundRange, EventPage, RecordedEvent } from '@magasin/event-log';

const EVERY_MS = 200;

/** Hands on what is read, counts it, and shows a person at a terminal how far it has come. */
export class Progress {
  count = 0;
  private shownAt = 0;

  constructor(private readonly terminal: NodeJS.WriteStream) {}

  async *follow(
    pages: AsyncIterable<EventPage<RecordedEvent>>,
    { after, upTo }: BoundRange,
  ): AsyncGenerator<RecordedEvent[]> {
    for await (const { events, seen } of pages) {
      this.count += events.length;
      this.show((seen - after) / (upTo - after));
      yield events;
    }
    this.clear();
  }

  clear(): void {
    if (this.shownAt > 0) this.terminal.write('\r\x1b[K');
    this.shownAt = 0;
  }

  private show(part: number): void {
    if (!this.terminal.isTTY || performance.now() < this.shownAt + EVERY_MS) return;
    this.shownAt = performance.now();
    this.terminal.write(`\r\x1b[K${Math.floor(part * 100)} %, ${this.count} events`);
  }
}
