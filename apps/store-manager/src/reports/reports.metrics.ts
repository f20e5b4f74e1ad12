import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/** How often each report was asked for; the names are those of the system before. */
@Injectable()
export class ReportsMetrics {
  readonly highestSpenders: Counter;
  readonly bestSellers: Counter;

  constructor(registry: Registry) {
    this.highestSpenders = new Counter({
      name: 'highest_spenders_total',
      help: 'Calls to GET /orders/reports/highest-spenders.',
      registers: [registry],
    });
    this.bestSellers = new Counter({
      name: 'best_sellers_total',
      help: 'Calls to GET /orders/reports/best-sellers.',
      registers: [registry],
    });
  }
}
