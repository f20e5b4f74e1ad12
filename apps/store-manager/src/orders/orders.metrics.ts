import { Requests } from '@magasin/hosting';
import { Injectable, Optional } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

/** Under the name that dashboards of the system before know. Without an app that serves, there is nothing to count. */
@Injectable()
export class OrdersMetrics {
  constructor(@Optional() registry?: Registry, @Optional() requests?: Requests) {
    if (!registry) return;
    const orders = new Counter({
      name: 'orders_total',
      help: 'Calls to POST /orders, refused ones too.',
      registers: [registry],
    });
    requests?.onAnswered(({ method, route }) => {
      if (method === 'POST' && route === '/orders') orders.inc();
    });
  }
}
