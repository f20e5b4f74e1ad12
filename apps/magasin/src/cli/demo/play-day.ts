import { addProduct, addUser, count, type Day, deleteProduct, deleteUser, expected, noting } from './day';
import type { AskedProduct } from './ledger';
import { play } from './orders';
import type { Plan, PlannedCustomer } from './plan';

/** So many customers are in the shop at the same time. */
const AT_ONCE = 8;

/**
 * Plays the day: the shelves first, then the customers. What the shop answers is noted in the ledger.
 * @param served is called after each customer; the next ones wait for it
 * @throws Failure when the shop is away for a minute
 */
export async function playDay(day: Day, plan: Plan, served: (customers: number) => Promise<void>): Promise<void> {
  const goods: AskedProduct[] = [];
  for (const product of plan.products) goods.push(await addProduct(day, product));
  await noting(day.ledger, misjudge(day));

  let customers = 0;
  const waiting = plan.customers.values();
  const serve = async (): Promise<void> => {
    for (const customer of waiting) {
      await noting(day.ledger, playCustomer(day, customer, goods));
      await served((customers += 1));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, serve));
  await noting(day.ledger, keepWhatIsOrdered(day));
}

/** A product that was counted wrongly, and then is not sold at all. */
async function misjudge(day: Day): Promise<void> {
  const { run } = day.ledger;
  const product = { name: `Chapeau ${run}`, sku: `DEMO-${run}-0`, price_cents: 4_999, quantity: 7 };
  const added = await addProduct(day, product);
  await count(day, added, 5);
  await deleteProduct(day, added);
}

async function playCustomer(day: Day, planned: PlannedCustomer, goods: AskedProduct[]): Promise<void> {
  const { name, email, user_type_id, orders, leaves } = planned;
  const user = await addUser(day, { name, email, user_type_id });
  for (const { fate, lines } of orders) {
    const bought = lines.map(({ product, quantity }) => {
      const { id: product_id, price_cents } = goods[product];
      return { product_id, quantity, price_cents };
    });
    await noting(day.ledger, play[fate](day, user, bought));
  }
  if (leaves) await deleteUser(day, user);
}

/** A product of which somebody has ordered stays. */
async function keepWhatIsOrdered({ at, caller, ledger }: Day): Promise<void> {
  const ordered = ledger.orders.find(({ state }) => state !== 'cancelled')?.lines[0].product_id;
  if (ordered === undefined) return;
  const reply = await caller.delete(`${at.store}/products/${ordered}`);
  expected(reply, `DELETE /products/${ordered}, of which there is an order`, 409);
}
