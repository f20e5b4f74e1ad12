import { type ConsumerStatus, EventBus } from '@magasin/event-bus';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { together } from './together';

/** The consumers of this process. All gauges of a scrape come from one look at them. */
@Injectable()
export class ConsumerMetrics {
  constructor(registry: Registry, bus: EventBus) {
    const status = together(() => bus.status());
    const gauge = (name: string, help: string, read: (consumer: ConsumerStatus) => number): Gauge =>
      new Gauge({
        name,
        help,
        labelNames: ['consumer'],
        registers: [],
        async collect() {
          this.reset();
          for (const each of await status()) this.set({ consumer: each.consumer }, read(each));
        },
      });
    const metrics = [
      gauge('magasin_consumer_up', '1 while it runs; 0 while it is paused or stopped.', ({ state }) =>
        Number(state === 'running'),
      ),
      gauge('magasin_consumer_lag_events', 'Events that it has not taken.', ({ head, position }) =>
        Math.max(0, head - position),
      ),
      gauge('magasin_consumer_lag_seconds', 'How long its next event has waited.', ({ lag_seconds }) => lag_seconds),
      gauge(
        'magasin_consumer_heartbeat_timestamp_seconds',
        'When its loop last showed that it lives.',
        ({ heartbeat_at }) => heartbeat_at / 1_000,
      ),
      gauge('magasin_parked_streams', 'Streams that wait for a retry or for a person.', (it) => it.parked_streams),
      gauge('magasin_parked_events', 'Events in parked streams.', ({ parked_events }) => parked_events),
      new Counter({
        name: 'magasin_consumer_events_total',
        help: 'Events that it took in this process: handled, skipped, repeated (had come before), parked.',
        labelNames: ['consumer', 'outcome'],
        registers: [],
        collect() {
          this.reset();
          // Its instances count with the consumer.
          for (const { name: consumer } of bus.consumers) {
            for (const [outcome, count] of Object.entries(bus.counts(consumer))) this.inc({ consumer, outcome }, count);
          }
        },
      }),
    ];
    for (const metric of metrics) registry.registerMetric(metric);
  }
}
