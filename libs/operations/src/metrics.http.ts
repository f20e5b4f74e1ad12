import { Requests } from '@magasin/hosting';
import { Injectable, Optional } from '@nestjs/common';
import { Histogram, Registry } from 'prom-client';

/** The requests of this app: how many by route, method and status, and how long they took. */
@Injectable()
export class HttpMetrics {
  constructor(registry: Registry, @Optional() requests?: Requests) {
    const durations = new Histogram({
      name: 'magasin_http_request_duration_seconds',
      help: 'Requests, from their arrival to the end of their answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    });
    requests?.onAnswered(({ method, route, status, seconds }) => durations.observe({ method, route, status }, seconds));
  }
}
