import { type DomainEvent, OrderCancelled, OrderCreated, OrderPaid, toAmount, UserDeleted } from '@magasin/contracts';
import { Scenario } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { MetricsModule } from '@magasin/operations';
import { QueryBus } from '@nestjs/cqrs';
import * as fc from 'fast-check';
import { BestSellers } from './best-sellers/best-sellers';
import { HighestSpenders } from './highest-spenders/highest-spenders';
import { ReportsModule } from './index';

interface Order {
  id: number;
  user_id: number | null;
  cents: number;
  items: { product_id: number; quantity: number }[];
  is_paid: boolean;
}

const PLACES = 25;

type Step =
  | { do: 'order'; user: number; cents: number; items: Order['items'] }
  | { do: 'pay' | 'cancel'; place: number }
  | { do: 'leave'; user: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      user: fc.nat(PLACES - 1),
      cents: fc.integer({ min: 1, max: 999_999_999_999 }),
      items: fc.uniqueArray(
        fc.record({
          product_id: fc.integer({ min: 1, max: 25 }),
          quantity: fc.integer({ min: 1, max: 2_147_483_647 }),
        }),
        { minLength: 1, maxLength: 4, selector: ({ product_id }) => product_id },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('pay' as const, 'cancel' as const), place: fc.nat(60) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), user: fc.nat(PLACES - 1) }) },
);

/** What the store would record, by stream, and the orders that are left. */
class Model {
  readonly orders: Order[] = [];
  private streams = new Map<string, DomainEvent[]>();
  /** As many places as there are users at a time. Whoever leaves makes room for another. */
  private readonly users = Array.from({ length: PLACES }, (_, place) => place + 1);
  private lastOrder = 0;
  private lastUser = PLACES;

  play(one: Step): void {
    const order = 'place' in one ? this.orders[one.place % Math.max(1, this.orders.length)] : undefined;
    if (one.do === 'order') {
      const { cents, items } = one;
      this.orders.push({ id: (this.lastOrder += 1), user_id: this.users[one.user], cents, items, is_paid: false });
      this.tell(OrderCreated.of(factsOf(this.orders.at(-1)!)));
    } else if (one.do === 'leave') {
      this.leave(one.user);
    } else if (order && one.do === 'cancel') {
      this.cancel(order, 'request');
    } else if (order && !order.is_paid) {
      order.is_paid = true;
      this.tell(OrderPaid.of({ ...factsOf(order), payment_id: order.id }));
    }
  }

  /** What was told since the last time. */
  told(): DomainEvent[][] {
    const streams = [...this.streams.values()];
    this.streams = new Map();
    return streams;
  }

  private leave(place: number): void {
    const id = this.users[place];
    this.users[place] = this.lastUser += 1;
    for (const order of this.orders.filter(({ user_id, is_paid }) => user_id === id && !is_paid))
      this.cancel(order, 'user-deleted');
    for (const order of this.orders.filter(({ user_id }) => user_id === id)) order.user_id = null;
    this.tell(UserDeleted.of({ id, name: 'Ada Lovelace', email: 'alovelace@example.com', user_type_id: 1 }));
  }

  private cancel(order: Order, reason: OrderCancelled['reason']): void {
    this.orders.splice(this.orders.indexOf(order), 1);
    this.tell(OrderCancelled.of({ ...factsOf(order), is_paid: order.is_paid, reason }));
  }

  private tell(event: OrderCreated | OrderPaid | OrderCancelled | UserDeleted): void {
    const stream = `${event instanceof UserDeleted ? 'user' : 'order'}-${event.id}`;
    this.streams.set(stream, [...(this.streams.get(stream) ?? []), event]);
  }

  get sellers() {
    const sold = sums(this.orders.flatMap(({ items }) => items.map((item) => [item.product_id, item.quantity])));
    return sold.map(([product_id, quantity_sold]) => ({ product_id, quantity_sold }));
  }

  get spenders() {
    const spent = sums(this.orders.flatMap(({ user_id, cents }) => (user_id === null ? [] : [[user_id, cents]])));
    return spent.map(([user_id, cents]) => ({ user_id, total_expense: Number(toAmount(cents)) }));
  }
}

const factsOf = ({ id, user_id, cents, items }: Order) => ({
  id,
  user_id,
  user_name: 'Ada Lovelace',
  user_email: 'alovelace@example.com',
  total_amount: toAmount(cents),
  items: items.map((item) => ({ ...item, name: 'Laptop ABC', unit_price: '0.01' })),
});

/** The ten largest sums, of equals the smaller ids. */
function sums(parts: number[][]): number[][] {
  const all = new Map<number, number>();
  for (const [id, part] of parts) all.set(id, (all.get(id) ?? 0) + part);
  return [...all].toSorted(([a, more], [b, less]) => less - more || a - b).slice(0, 10);
}

/** Any order that keeps the order of each stream: which stream is next is what is picked. */
function shuffled(streams: DomainEvent[][], picks: number[]): DomainEvent[] {
  const left = streams.map((events) => [...events]);
  const events: DomainEvent[] = [];
  for (let turn = 0; left.length > 0; turn += 1) {
    const place = (picks[turn % picks.length] + turn) % left.length;
    events.push(left[place].shift()!);
    if (left[place].length === 0) left.splice(place, 1);
  }
  return events;
}

describe('The reports', () => {
  let scenario: Scenario;
  beforeEach(async () => (scenario = await Scenario.open({ imports: [MetricsModule, ReportsModule] })));
  afterEach(() => scenario.end());

  it('say the same in whatever order the streams come', async () => {
    const log = scenario.app.get(EventLog);
    const queries = scenario.app.get(QueryBus);
    const model = new Model();

    const steps = fc.array(step, { minLength: 80, maxLength: 160, size: 'max' });
    const picks = fc.array(fc.nat(), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(steps, picks, async (some, order) => {
        for (const one of some) model.play(one);
        const events = shuffled(model.told(), order);
        for (let from = 0; from < events.length; from += 20) {
          await log.transaction(async (tx) => events.slice(from, from + 20).forEach((event) => tx.record(event)));
        }
        await scenario.when(() => undefined).thenNothing();
        expect(await queries.execute(new BestSellers())).toEqual(model.sellers);
        expect(await queries.execute(new HighestSpenders())).toEqual(model.spenders);
      }),
      { numRuns: 30, endOnFailure: true },
    );
    expect(await log.history.head()).toBeGreaterThan(2_000);
    expect([model.sellers.length, model.spenders.length]).toEqual([10, 10]);
  }, 120_000);
});
