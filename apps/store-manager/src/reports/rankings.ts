import { OrderCancelled, OrderCreated, type OrderLine, toCents, UserDeleted } from '@magasin/contracts';
import { type Change, changes, Ranking, Redis } from '@magasin/event-bus';
import { EventLog } from '@magasin/event-log';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { BEST_SELLERS } from './best-sellers/best-sellers.consumer';
import { HIGHEST_SPENDERS } from './highest-spenders/highest-spenders.consumer';

const units = (items: OrderLine[], sign: 1 | -1): Change[] =>
  items.map(({ product_id, quantity }) => ({ id: product_id, amount: sign * quantity }));

/** One that nobody's is, is of a user who was deleted. */
const spent = ({ user_id, total_amount }: OrderCreated | OrderCancelled, sign: 1 | -1): Change[] =>
  user_id === null ? [] : [{ id: user_id, amount: sign * toCents(total_amount)! }];

/** The reports once more in Redis, where there is one: what the tables say, read without them. */
@Injectable()
export class Rankings implements OnApplicationBootstrap, OnModuleDestroy {
  readonly sellers?: Ranking;
  readonly spenders?: Ranking;

  constructor(log: EventLog, @Optional() redis?: Redis) {
    if (!redis) return;
    this.sellers = new Ranking(log, redis, BEST_SELLERS, [
      changes(OrderCreated, ({ items }) => units(items, 1)),
      changes(OrderCancelled, ({ items }) => units(items, -1)),
    ]);
    this.spenders = new Ranking(log, redis, HIGHEST_SPENDERS, [
      changes(OrderCreated, (order) => spent(order, 1)),
      changes(OrderCancelled, (order) => spent(order, -1)),
      changes(UserDeleted, ({ id }) => [{ id, amount: 'gone' }]),
    ]);
  }

  onApplicationBootstrap(): void {
    this.sellers?.start();
    this.spenders?.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.sellers?.stop(), this.spenders?.stop()]);
  }
}
