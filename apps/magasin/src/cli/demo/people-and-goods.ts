import { toCents } from '@magasin/contracts';
import type { Evidence } from './evidence';
import { type Ledger, skuPrefixOf, sum } from './ledger';
import { compared, type Row, unlike } from './row';

export function compareUsers({ users }: Ledger, { log, users: table, emails }: Evidence): Row[] {
  const created = log.of('UserCreated').filter(({ data }) => data.email);
  const deleted = log.of('UserDeleted');
  const standing = users.filter((user) => !user.deleted);
  const sent = (template: string): number =>
    emails.filter((email) => email.template === template && email.state === 'sent').length;

  const inLog = users.flatMap(({ deleted: _, ...facts }) => {
    const told = created.filter(({ data }) => data.id === facts.id);
    if (told.length > 1) return [`user ${facts.id}: the log tells ${told.length} times that it was made`];
    return unlike(`user ${facts.id}`, facts, told[0]?.data, 'the log');
  });
  const unasked = created
    .filter(({ data }) => !users.some(({ id }) => id === data.id))
    .map(({ data }) => `user ${data.id}: made, and nobody was told so`);
  const inTable = users.flatMap(({ deleted: gone, ...facts }) => {
    const found = table.get(facts.id);
    if (!gone) return unlike(`user ${facts.id}`, facts, found, 'the table');
    return found ? [`user ${facts.id}: deleted, and still there`] : [];
  });
  const there = [...table.values()].filter(Boolean).length;
  return [
    compared('users made', { asked: users.length, log: created.length, mailbox: sent('welcome') }, [
      ...inLog,
      ...unasked,
    ]),
    compared('users deleted', {
      asked: users.length - standing.length,
      tables: table.size - there,
      log: deleted.length,
      mailbox: sent('goodbye'),
    }),
    compared('users there', { asked: standing.length, tables: there, log: created.length - deleted.length }, inTable),
  ];
}

export function compareGoods(ledger: Ledger, { log, products, stocks, overview }: Evidence): Row[] {
  const standing = ledger.products.filter(({ deleted }) => !deleted);
  const gone = (of: Map<number, unknown>, kind: string): string[] =>
    ledger.products
      .filter(({ id, deleted }) => deleted && of.get(id))
      .map(({ id }) => `${kind} of product ${id}: deleted, and still there`);
  const inTable = standing.flatMap(({ id, name, sku, price_cents }) => {
    const view = products.get(id);
    const told = view && { ...view, price_cents: toCents(view.price) };
    return unlike(`product ${id}`, { id, name, sku, price_cents }, told, 'the table');
  });
  const told = log.of('ProductCreated').length - log.of('ProductDeleted').length;
  const lines = [...overview.keys()].filter((sku) => sku.startsWith(skuPrefixOf(ledger)));
  const units = standing.map(({ id, sku, quantity }) => ({
    asked: quantity - unitsOrdered(ledger, id),
    tables: stocks.get(id)?.quantity ?? 0,
    log: unitsInLog(log.entries, id),
    reports: overview.get(sku) ?? 0,
    name: `stock of product ${id} (${sku})`,
  }));
  const differ = units.flatMap(({ name, ...says }) => compared(name, says).differences);
  const total = (place: 'asked' | 'tables' | 'log' | 'reports'): number => sum(units.map((one) => one[place]));
  return [
    compared(
      'products there',
      {
        asked: standing.length,
        tables: [...products.values()].filter(Boolean).length,
        log: told,
        reports: lines.length,
      },
      [...inTable, ...gone(products, 'the row')],
    ),
    compared('stock counted', {
      asked: sum(ledger.products.map(({ counted }) => counted)),
      log: log.of('StockSet').length,
    }),
    compared(
      'units in stock',
      { asked: total('asked'), tables: total('tables'), log: total('log'), reports: total('reports') },
      [...differ, ...gone(stocks, 'the stock')],
    ),
  ];
}

/** Of the orders that stand. */
export const unitsOrdered = ({ orders }: Ledger, product: number): number =>
  sum(
    orders
      .filter(({ state }) => state !== 'cancelled')
      .flatMap(({ lines }) => lines.filter(({ product_id }) => product_id === product))
      .map(({ quantity }) => quantity),
  );

function unitsInLog(entries: Evidence['log']['entries'], product: number): number {
  return sum(
    entries.map(({ type, data }) => {
      if (type === 'StockSet') return data.product_id === product ? data.quantity! - data.previous_quantity! : 0;
      const sign = type === 'OrderCreated' ? -1 : type === 'OrderCancelled' ? 1 : 0;
      if (sign === 0) return 0;
      const own = data.items!.filter(({ product_id }) => product_id === product);
      return sign * sum(own.map(({ quantity }) => quantity));
    }),
  );
}
