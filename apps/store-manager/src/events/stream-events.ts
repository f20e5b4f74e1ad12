import { Readable, addAbortSignal } from 'node:stream';
import { EventLog, type Range, toLine } from '@magasin/event-log';
import { InvalidInput } from '@magasin/hosting';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { EventsQuery } from './input';
import { selectionOf } from './selection';

/** All events of a selection as lines, in constant memory: what a consumer reads whose database is not this one. */
@Injectable()
export class StreamEvents implements OnModuleDestroy {
  private readonly logger = new Logger('events');
  private readonly stopping = new AbortController();

  constructor(private readonly log: EventLog) {}

  /** Lines up to `head`, the last position of the log at this moment. They stop when nobody reads any more. */
  async open({ limit, order, cursor, ...asked }: EventsQuery): Promise<{ lines: Readable; head: number }> {
    if (order === 'desc')
      throw new InvalidInput([{ detail: 'lines come in the order of the log', pointer: '#/order' }]);
    if (cursor !== undefined)
      throw new InvalidInput([
        { detail: 'lines have no cursor: give the last position as after', pointer: '#/cursor' },
      ]);
    const { history } = this.log;
    const head = await history.head();
    const range = await history.find(selectionOf(asked));
    const lines = Readable.from(this.write(range, head, limit), { objectMode: false });
    lines.on('error', (error) => {
      if (!this.stopping.signal.aborted) this.logger.error(`The stream of events broke off: ${error.stack}`);
    });
    return { lines: addAbortSignal(this.stopping.signal, lines), head };
  }

  /** A stop of the app does not wait for readers: they see that their stream broke off, and go on when the app is back. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  private async *write(range: Range, head: number, limit?: number): AsyncGenerator<string> {
    for await (const { events } of this.log.history.read(range, limit)) {
      // Another process may have recorded some since the head was told: who goes on behind it must not get them twice.
      const told = events.filter(({ position }) => position <= head);
      // Stretches without an event are yielded too: between two, a reader that has gone is noticed.
      yield told.map((event) => `${toLine(this.log.identity, event)}\n`).join('');
    }
  }
}
