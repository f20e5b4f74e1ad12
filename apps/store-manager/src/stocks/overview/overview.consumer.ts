import { OrderCancelled, OrderCreated, ProductCreated, ProductDeleted, StockSet, toCents } from '@magasin/contracts';
import { type Delivery, discardRows, EventConsumer, On } from '@magasin/event-bus';
import { inDialect, orUpdate, type UnitOfWork } from '@magasin/event-log';
import { firstLines } from './first-lines';
import { OverviewBegun, OverviewLine } from './overview-line';

export const STOCK_OVERVIEW = 'stock-overview';

type Key = Pick<OverviewLine, 'instance' | 'product_id'>;

/**
 * Keeps the overview of the stock. The events of a product, of its stock and of the orders of it come in no order, so
 * everything here may come before anything else: facts are set, differences are added.
 */
@EventConsumer(STOCK_OVERVIEW, { discard })
export class StockOverview {
  @On(ProductCreated)
  async enter({ id, name, sku, price }: ProductCreated, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    const key = await lineFor(tx, consumer, id);
    await tx.rows.update(OverviewLine, key, { name, sku, price_cents: toCents(price) });
  }

  /** What comes later of its stock makes a line without a name, which nobody sees. */
  @On(ProductDeleted)
  async strike({ id }: ProductDeleted, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    await tx.rows.delete(OverviewLine, await lineFor(tx, consumer, id));
  }

  @On(StockSet)
  async count({ product_id, ...set }: StockSet, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    await begin(tx, consumer);
    await add(tx, { instance: consumer, product_id }, set.quantity - set.previous_quantity, { counted: true });
  }

  @On(OrderCreated)
  async take({ items }: OrderCreated, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    await begin(tx, consumer);
    for (const { product_id, quantity } of items) await add(tx, { instance: consumer, product_id }, -quantity);
  }

  @On(OrderCancelled)
  async putBack({ items }: OrderCancelled, tx: UnitOfWork, { consumer }: Delivery): Promise<void> {
    await begin(tx, consumer);
    for (const { product_id, quantity } of items) await add(tx, { instance: consumer, product_id }, quantity);
  }
}

/** The place of a product in the overview, with a line there. */
async function lineFor(tx: UnitOfWork, instance: string, product_id: number): Promise<Key> {
  await begin(tx, instance);
  const key = { instance, product_id };
  await add(tx, key, 0);
  return key;
}

async function begin(tx: UnitOfWork, instance: string): Promise<void> {
  const begun = await tx.rows.query<object[]>('SELECT 1 FROM stock_overview_begun WHERE instance = ?', [instance]);
  if (begun.length > 0) return;
  // Two events may be the first ones at once: the second waits here for the unit of the other.
  const { affected } = await tx.rows.queryRunner!.query(
    `INSERT ${inDialect(tx.rows, { sqlite: 'OR IGNORE', mysql: 'IGNORE' })} INTO stock_overview_begun (instance) VALUES (?)`,
    [instance],
    true,
  );
  if (affected === 1) await tx.rows.insert(OverviewLine, firstLines(instance));
}

/** One statement for each line of an order: the orders come by the thousand. */
async function add(
  tx: UnitOfWork,
  { instance, product_id }: Key,
  units: number,
  { counted = false } = {},
): Promise<void> {
  await tx.rows.query(
    `INSERT INTO stock_overview (instance, product_id, units, counted) VALUES (?, ?, ?, ?)
     ${orUpdate(
       tx.rows,
       'instance, product_id',
       (row) => `units = units + ${row('units')}, counted = CASE WHEN ${row('counted')} THEN 1 ELSE counted END`,
     )}`,
    [instance, product_id, units, counted],
  );
}

async function discard(tx: UnitOfWork, instance: string): Promise<boolean> {
  if (!(await discardRows(tx, OverviewLine, instance))) return false;
  return discardRows(tx, OverviewBegun, instance);
}
