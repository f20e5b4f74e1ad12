import { EventLog } from '@magasin/event-log';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { together } from './together';

/** The log of this app's database and its writer. The database is asked when somebody scrapes, and at no other time. */
@Injectable()
export class LogMetrics {
  constructor(registry: Registry, log: EventLog) {
    const head = together(() => log.history.head());
    const metrics = [
      new Gauge({
        name: 'magasin_database_up',
        help: '1 when the database can be read.',
        registers: [],
        async collect() {
          this.set(
            await head()
              .then(() => 1)
              .catch(() => 0),
          );
        },
      }),
      new Gauge({
        name: 'magasin_log_head',
        help: 'The last position of the log: how many events it has recorded.',
        registers: [],
        async collect() {
          this.set(await head());
        },
      }),
      counted('magasin_units_total', 'Units of work that were kept, in this process.', () => log.writes.units),
      counted(
        'magasin_commits_total',
        'Commits of this process. Units that wait together share one.',
        () => log.writes.commits,
      ),
    ];
    for (const metric of metrics) registry.registerMetric(metric);
  }
}

/** A counter of what somebody else counts. */
const counted = (name: string, help: string, read: () => number): Counter =>
  new Counter({
    name,
    help,
    registers: [],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
