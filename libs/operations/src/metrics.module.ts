import { Global, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { ConsumerMetrics } from './metrics.consumers';
import { MetricsController } from './metrics.controller';
import { HttpMetrics } from './metrics.http';
import { LogMetrics } from './metrics.log';

/**
 * `/metrics` for Prometheus. A module brings its own by a provider that takes the app's Registry:
 *
 *     constructor(registry: Registry) {
 *       this.orders = new Counter({ name: 'orders_total', help: 'Orders.', registers: [registry] });
 *     }
 *
 * What has to be asked for is asked in its `collect()`; when that fails, the others are served without it.
 */
@Global()
@Module({
  controllers: [MetricsController],
  providers: [{ provide: Registry, useFactory: newRegistry }, HttpMetrics, LogMetrics, ConsumerMetrics],
  exports: [Registry],
})
export class MetricsModule {}

/** One for each app, with what every dashboard of Node expects: process_…, nodejs_…, the event loop's delay among them. */
function newRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
