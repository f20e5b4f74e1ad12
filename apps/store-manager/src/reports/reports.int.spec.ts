import { OrderCancelled, OrderCreated, OrderPaid, toAmount, UserDeleted } from '@magasin/contracts';
import { onBothDatabases, Scenario } from '@magasin/event-bus/testing';
import { EventLog, inDialect } from '@magasin/event-log';
import { MetricsModule } from '@magasin/operations';
import { BestSellers, TOP_SELLERS } from './best-sellers/best-sellers';
import { UnitsSold } from './best-sellers/units-sold';
import { Expense } from './highest-spenders/expense';
import { HighestSpenders, TOP_SPENDERS } from './highest-spenders/highest-spenders';
import { ReportsModule } from './index';

interface Facts {
  id: number;
  user_id?: number | null;
  cents?: number;
  /** How many of which product. */
  sold?: Record<number, number>;
}

const facts = ({ id, user_id = 1, cents = 100, sold = { 1: 1 } }: Facts) => ({
  id,
  user_id,
  user_name: 'Ada Lovelace',
  user_email: 'alovelace@example.com',
  total_amount: toAmount(cents),
  items: Object.entries(sold).map(([product_id, quantity]) => ({
    product_id: Number(product_id),
    name: 'Laptop ABC',
    quantity,
    unit_price: '1.00',
  })),
});
const created = (order: Facts): OrderCreated => OrderCreated.of(facts(order));
const paid = (order: Facts): OrderPaid => OrderPaid.of({ ...facts(order), payment_id: order.id });
const cancelled = (order: Facts): OrderCancelled =>
  OrderCancelled.of({ ...facts(order), is_paid: false, reason: 'request' });
const gone = (id: number): UserDeleted =>
  UserDeleted.of({ id, name: 'Ada Lovelace', email: 'alovelace@example.com', user_type_id: 1 });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

onBothDatabases('The reports', (databases) => {
  let scenario: Scenario;
  beforeEach(
    async () => (scenario = await Scenario.open({ imports: [MetricsModule, ReportsModule] }, undefined, databases)),
  );
  afterEach(() => scenario.end());

  /** How the database would find the rows. */
  const plan = async (query: string): Promise<string> => {
    const { reading } = scenario.app.get(EventLog);
    const explain = inDialect(reading, { sqlite: 'EXPLAIN QUERY PLAN', mysql: 'EXPLAIN' });
    const steps = await reading.query<{ detail?: string; key?: string; Extra?: string }[]>(`${explain} ${query}`, [
      'x',
    ]);
    return steps.map(({ detail, key, Extra }) => detail ?? `${key}: ${Extra}`).join('; ');
  };

  describe('BestSellers', () => {
    it('has nothing to tell before the first order', async () => {
      await scenario.when(new BestSellers()).thenAnswers([]);
    });

    it('adds up the units of all orders, paid or not, and takes out those of one that is cancelled', async () => {
      const first = { id: 1, sold: { 1: 2, 3: 5 } };
      const second = { id: 2, sold: { 3: 1, 2: 2 } };
      await scenario
        .given(created(first), created(second), paid(first))
        .when(new BestSellers())
        .thenAnswers([
          { product_id: 3, quantity_sold: 6 },
          { product_id: 1, quantity_sold: 2 },
          { product_id: 2, quantity_sold: 2 },
        ]);
      await scenario
        .given(cancelled(first))
        .when(new BestSellers())
        .thenAnswers([
          { product_id: 2, quantity_sold: 2 },
          { product_id: 3, quantity_sold: 1 },
        ]);
    });

    it('has ten, of equals those with the smaller ids', async () => {
      const sold = Object.fromEntries(upTo(12).map((id) => [id, id === 12 ? 2 : 1]));
      await scenario
        .given(created({ id: 1, sold }))
        .when(new BestSellers())
        .thenAnswers([
          { product_id: 12, quantity_sold: 2 },
          ...upTo(9).map((product_id) => ({ product_id, quantity_sold: 1 })),
        ]);
    });

    it('is read off the top of an index', async () => {
      expect(await plan(TOP_SELLERS)).toBe(
        inDialect(scenario.app.get(EventLog).reading, {
          sqlite: 'SEARCH best_sellers USING COVERING INDEX ix_best_sellers_top (instance=? AND quantity_sold>?)',
          mysql: 'ix_best_sellers_top: Using where; Using index',
        }),
      );
    });
  });

  describe('HighestSpenders', () => {
    it('has nothing to tell before the first order', async () => {
      await scenario.when(new HighestSpenders()).thenAnswers([]);
    });

    it('adds up what each user has ordered for, paid or not, and takes off what is cancelled', async () => {
      const first = { id: 1, user_id: 2, cents: 405_948 };
      await scenario
        .given(created(first), created({ id: 2, user_id: 1, cents: 20 }), created({ id: 3, user_id: 1, cents: 10 }))
        .when(paid(first))
        .thenRows(Expense, [
          { instance: 'highest-spenders', user_id: 1, expense_cents: 30 },
          { instance: 'highest-spenders', user_id: 2, expense_cents: 405_948 },
        ]);
      await scenario.when(new HighestSpenders()).thenAnswers([
        { user_id: 2, total_expense: 4059.48 },
        { user_id: 1, total_expense: 0.3 },
      ]);
      await scenario
        .given(cancelled(first))
        .when(new HighestSpenders())
        .thenAnswers([{ user_id: 1, total_expense: 0.3 }]);
    });

    it('is exact to the cent where a sum of binary fractions is not', async () => {
      const orders = upTo(1_000).map((id) => created({ id, cents: 999_999_999_999 }));
      await scenario.app.get(EventLog).transaction(async (tx) => orders.forEach((order) => tx.record(order)));

      await scenario.when(() => undefined).thenNothing();
      await scenario.when(new HighestSpenders()).thenAnswers([{ user_id: 1, total_expense: 9_999_999_999_990 }]);
      await scenario
        .given(created({ id: 1_001, cents: 1 }))
        .when(new HighestSpenders())
        .thenAnswers([{ user_id: 1, total_expense: 9_999_999_999_990.01 }]);
    });

    it('has ten, of equals those with the smaller ids', async () => {
      const orders = upTo(12).map((id) => created({ id, user_id: id, cents: id === 12 ? 2 : 1 }));
      await scenario
        .given(...orders)
        .when(new HighestSpenders())
        .thenAnswers([
          { user_id: 12, total_expense: 0.02 },
          ...upTo(9).map((user_id) => ({ user_id, total_expense: 0.01 })),
        ]);
    });

    it.each([
      ['after his orders', [created({ id: 1, user_id: 1 }), gone(1)]],
      ['before what is told of them', [gone(1), created({ id: 1, user_id: 1 }), cancelled({ id: 1, user_id: 1 })]],
      ['and a paid order of his is cancelled then', [created({ id: 1 }), gone(1), cancelled({ id: 1, user_id: null })]],
      ['who has never ordered', [gone(1)]],
    ])('does not have a user who is deleted %s', async (_when, events) => {
      await scenario
        .given(created({ id: 9, user_id: 2, cents: 1 }), ...events)
        .when(new HighestSpenders())
        .thenAnswers([{ user_id: 2, total_expense: 0.01 }]);
    });

    it('leaves the units of a deleted user among those that are sold', async () => {
      await scenario
        .given(created({ id: 1 }), paid({ id: 1 }))
        .when(gone(1))
        .thenRows(UnitsSold, [{ instance: 'best-sellers', product_id: 1, quantity_sold: 1 }]);
    });

    it('is read off the top of an index', async () => {
      expect(await plan(TOP_SPENDERS)).toBe(
        inDialect(scenario.app.get(EventLog).reading, {
          sqlite:
            'SEARCH highest_spenders USING COVERING INDEX ix_highest_spenders_top (instance=? AND deleted=? AND expense_cents>?)',
          mysql: 'ix_highest_spenders_top: Using where; Using index',
        }),
      );
    });
  });
});
