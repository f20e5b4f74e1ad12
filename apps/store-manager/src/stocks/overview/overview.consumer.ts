import { ProductCreated, ProductDeleted, StockSet, toCents } from '@magasin/contracts';
import { type Delivery, EventConsumer, On } from '@magasin/event-bus';
import type { UnitOfWork } from '@magasin/event-log';
import { firstLines } from './first-lines';
import { OverviewBegun, OverviewLine } from './overview-line';

export const STOCK_OVERVIEW = 'stock-overview';
/** What one unit removes of a replaced instance. */
const DISCARDED_AT_ONCE = 200;

type Key = Pick<OverviewLine, 'instance' | 'product_id'>;

/**
 * Keeps the overview of the stock. The events of a product and those of its stock come in no order, so everything here
 * may come before anything else: facts are set, differences are added.
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
    const key = await lineFor(tx, consumer, product_id);
    await tx.rows.increment(OverviewLine, key, 'units', set.quantity - set.previous_quantity);
    await tx.rows.update(OverviewLine, key, { counted: true });
  }
}

/** The place of a product in the overview, with a line there. */
async function lineFor(tx: UnitOfWork, instance: string, product_id: number): Promise<Key> {
  if (!(await tx.rows.existsBy(OverviewBegun, { instance }))) {
    await tx.rows.insert(OverviewBegun, { instance });
    await tx.rows.insert(OverviewLine, firstLines(instance));
  }
  const key = { instance, product_id };
  if (!(await tx.rows.existsBy(OverviewLine, key))) {
    await tx.rows.insert(OverviewLine, { ...key, units: 0, counted: false });
  }
  return key;
}

async function discard(tx: UnitOfWork, instance: string): Promise<boolean> {
  const lines = await tx.rows.find(OverviewLine, { where: { instance }, take: DISCARDED_AT_ONCE });
  for (const { product_id } of lines) await tx.rows.delete(OverviewLine, { instance, product_id });
  if (lines.length === DISCARDED_AT_ONCE) return false;
  await tx.rows.delete(OverviewBegun, { instance });
  return true;
}
