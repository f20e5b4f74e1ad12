import type { EventLog, UnitOfWork } from '@magasin/event-log';

interface Write {
  work: (tx: UnitOfWork) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

const LARGEST_GROUP = 100;

/**
 * Small writes of many, put together into one unit of work: while one unit is being committed the next one fills. What
 * one of them throws undoes its whole group, so they say what they found by their result.
 */
export class GroupedWrites {
  private readonly waiting: Write[] = [];
  private running = false;

  constructor(private readonly log: EventLog) {}

  /** @throws LogUnavailable when nothing of the group was kept. */
  write<T>(work: (tx: UnitOfWork) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, LARGEST_GROUP);
      try {
        const results = await this.log.transaction(async (tx) => {
          const found: unknown[] = [];
          for (const { work } of group) found.push(await work(tx));
          return found;
        }, 'consumer');
        for (const [index, { resolve }] of group.entries()) resolve(results[index]);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.running = false;
  }
}
