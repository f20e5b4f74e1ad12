import { EventLog } from '@magasin/event-log';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { EMAIL_STATES } from './email';

/** Every state but `sent`: of those there are millions, and counting them takes longer with each. */
const OPEN_STATES = EMAIL_STATES.filter((state) => state !== 'sent');

/** A state is counted up to here: more of them is an alarm all the same, and a scrape keeps its cost. */
const BOUND = 10_000;

/** The e-mails by state, asked for when somebody scrapes; each costs the same however many e-mails there are. */
@Injectable()
export class EmailsMetrics {
  /** For the sender to raise. */
  readonly sent: Counter;

  constructor(registry: Registry, { reading }: EventLog) {
    this.sent = new Counter({
      name: 'magasin_emails_sent_total',
      help: 'E-mails that the mailer took from this process.',
      registers: [registry],
    });
    const open = new Gauge({
      name: 'magasin_emails',
      help: `E-mails that are not sent, by state. ${BOUND} stands for that many or more.`,
      labelNames: ['state'],
      registers: [],
      async collect() {
        this.reset();
        for (const state of OPEN_STATES) {
          const [{ count }] = await reading.query<{ count: number }[]>(
            'SELECT count(*) AS count FROM (SELECT 1 FROM email WHERE state = ? LIMIT ?) AS bounded',
            [state, BOUND],
          );
          this.set({ state }, count);
        }
      },
    });
    const oldest = new Gauge({
      name: 'magasin_emails_oldest_queued_seconds',
      help: 'How long the first e-mail of the queue has waited; 0 when none does.',
      registers: [],
      async collect() {
        const [first] = await reading.query<{ created_at: number }[]>(
          'SELECT created_at FROM email WHERE state = ? ORDER BY id LIMIT 1',
          ['queued'],
        );
        this.set(first ? Math.max(0, (Date.now() - first.created_at) / 1_000) : 0);
      },
    });
    for (const metric of [open, oldest]) registry.registerMetric(metric);
  }
}
