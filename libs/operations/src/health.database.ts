import { EventLog } from '@magasin/event-log';
import { Requests } from '@magasin/hosting';
import { Injectable, Optional } from '@nestjs/common';

/** A write that was kept is believed in for so long, so that probes alone do not keep a disk busy. */
const TRUST_MS = 60_000;

/** Can the database be read, and would it take a write? */
@Injectable()
export class DatabaseHealth {
  private lastWriteAt = 0;

  constructor(
    private readonly log: EventLog,
    @Optional() requests?: Requests,
  ) {
    log.outbox.onCommitted(() => {
      this.lastWriteAt = Date.now();
    });
    // Most of these are refused writes: the next probe is to see for itself.
    requests?.onAnswered(({ status, quiet }) => {
      if (status === 503 && !quiet) this.lastWriteAt = 0;
    });
  }

  /** @throws Error when it is away, full, or held by another process. */
  async check(): Promise<{ head: number; last_write_at: string }> {
    const head = await this.log.history.head();
    if (Date.now() - this.lastWriteAt > TRUST_MS) {
      await this.log.tryWrite();
      this.lastWriteAt = Date.now();
    } else {
      // Takes the lock of the writers and gives it back: nothing reaches the disk.
      await this.log.transaction(() => Promise.resolve());
    }
    return { head, last_write_at: new Date(this.lastWriteAt).toISOString() };
  }
}
