import { type Fact as BookFact, TOLD } from '../books';
import { difference } from '../books-sums';
import type { Change, Ledger } from './ledger';
import { FIRST_USERS, type Told, ToldShop } from './told-shop';

interface Fact {
  id: number;
  type: string;
  payload: string;
  event_id: string;
}

type Rows = Record<string, unknown>[];

/** What coolriel has to say of an event, and to whom. */
interface Owed {
  position: number;
  event_id: string;
  template: string;
  recipient?: string;
}

/**
 * What is promised of a shop at rest: its tables say what its log says, the projections say what the tables say, and of
 * each event that there is an e-mail about there is one, or it waits parked.
 */
export class Promises {
  private readonly told = new ToldShop();
  private readonly owed: Owed[] = [];

  /** What has been recorded since the last time. */
  take({ added }: Pick<Change, 'added'> = { added: [] }): void {
    for (const { id, type, payload, event_id } of (added as unknown as Fact[]).toSorted((a, b) => a.id - b.id)) {
      const told = JSON.parse(payload) as Told & BookFact;
      const recipient = TOLD[type]?.to(told);
      // It names no one: until somebody edits it, it waits.
      const poisoned = type === 'UserCreated' && recipient === undefined;
      if (!poisoned) this.told.take(type, told);
      if (recipient === undefined && !poisoned) continue;
      this.owed.push({ position: id, event_id: uuidOf(event_id), template: TOLD[type].template, recipient });
    }
  }

  /** The users of the first day are there again, whoever has deleted them. */
  restored(): void {
    for (const user of FIRST_USERS) this.told.users.set(user.id, user);
  }

  /** Where it is broken. */
  broken(ledger: Ledger): string[] {
    const { users, products, stocks, orders, items, payments } = this.told;
    const stocked = [...stocks].map(([product_id, quantity]) => ({ product_id, quantity }));
    return [
      ...differing(ledger, 'users', [...users.values()]),
      ...differing(ledger, 'products', [...products.values()]),
      ...differing(ledger, 'stocks', stocked),
      ...differing(ledger, 'orders', [...orders.values()]),
      ...differing(ledger, 'order_items', [...items.values()].flat()),
      ...differing(ledger, 'payments', [...payments.values()]),
      ...[...orders.values()].flatMap(({ id, user_id, is_paid }) =>
        user_id === null && is_paid === 0 ? [`order ${id} is to be paid by nobody`] : [],
      ),
      ...this.brokenProjections(ledger),
      ...this.brokenEmails(ledger),
    ];
  }

  private brokenProjections(ledger: Ledger): string[] {
    const { products, stocks, orders, items, left } = this.told;
    const sold = new Map<unknown, number>();
    const spent = new Map<unknown, number>();
    const add = (sums: Map<unknown, number>, key: unknown, more: number) => sums.set(key, (sums.get(key) ?? 0) + more);
    for (const { product_id, quantity } of [...items.values()].flat()) add(sold, product_id, quantity);
    for (const { user_id, total_cents } of orders.values())
      if (user_id !== null && !left.has(user_id)) add(spent, user_id, total_cents);
    const overview = [...stocks].map(([product_id, units]) => {
      const { name, sku, price_cents } = products.get(product_id)!;
      return { product_id, name, sku, price_cents, units };
    });
    return [
      ...differing(
        ledger,
        'best_sellers',
        [...sold].map(([product_id, quantity_sold]) => ({ product_id, quantity_sold })),
        ({ quantity_sold }) => quantity_sold !== 0,
      ),
      ...differing(
        ledger,
        'highest_spenders',
        [...spent].map(([user_id, expense_cents]) => ({ user_id, expense_cents })),
        ({ expense_cents, deleted }) => expense_cents !== 0 && deleted === 0,
      ),
      ...differing(ledger, 'stock_overview', overview, ({ name, counted }) => name !== null && counted === 1),
    ];
  }

  private brokenEmails(ledger: Ledger): string[] {
    const waiting = positions(ledger.rows('parked_event'));
    const notes = (action: string): Set<unknown> =>
      positions(ledger.rows('audit').filter((note) => note.action === action));
    const skipped = notes('skip-event');
    const edited = notes('edit-event');
    const known = new Map(this.owed.map((one) => [`${one.event_id} ${one.template}`, one]));
    const emails = ledger.rows('email').filter(({ copy }) => copy === 0);
    const written = new Set(emails.map(({ event_id, template }) => `${String(event_id)} ${String(template)}`));
    return [
      ...emails.flatMap(({ id, event_id, template, recipient }) => {
        const owed = known.get(`${String(event_id)} ${String(template)}`);
        const right = owed && (owed.recipient === recipient || edited.has(owed.position));
        return right ? [] : [`e-mail ${String(id)}, ${String(template)} to ${String(recipient)}, is owed to nobody`];
      }),
      ...this.owed.flatMap(({ position, event_id, template }) =>
        written.has(`${event_id} ${template}`) || waiting.has(position) || skipped.has(position)
          ? []
          : [`event ${position} has no e-mail (${template}) and does not wait for one`],
      ),
    ];
  }
}

const positions = (rows: Rows): Set<unknown> => new Set(rows.map(({ position }) => position));

/** Of a table those columns that are expected; of a projection, those rows of the live instance that count. */
function differing(ledger: Ledger, table: string, expected: object[], counts: (row: Rows[0]) => boolean = () => true) {
  const consumer = table.replaceAll('_', '-');
  const active = ledger.rows('consumer_active').find((row) => row.consumer === consumer)?.instance ?? consumer;
  const columns = Object.keys(expected[0] ?? {});
  const text = (row: object): string => columns.map((column) => `${column} ${String((row as Rows[0])[column])}`).join();
  const found = ledger
    .rows(table)
    .filter((row) => (row.instance === undefined || row.instance === active) && counts(row))
    .map(text);
  const told = expected.map(text);
  // Nearly always: it is asked after each request.
  if (told.toSorted().join('\n') === found.toSorted().join('\n')) return [];
  return difference(`row in ${table}:`, told, found);
}

const uuidOf = (digits: string): string => digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
