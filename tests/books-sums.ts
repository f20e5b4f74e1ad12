import type { Books } from './books';

export const cents = (amount: number | string): number => Math.round(Number(amount) * 100);

/** What was counted, less what orders that are kept have taken. */
export async function faultsOfTheStocks(store: string, { events, orders }: Books): Promise<string[]> {
  const units = new Map([1, 2, 3, 4].map((id, index) => [id, [1000, 500, 2, 90][index]]));
  const add = (product_id: number, quantity: number): void => {
    units.set(product_id, (units.get(product_id) ?? 0) + quantity);
  };
  for (const { type, data } of events)
    if (type === 'StockSet') add(data.product_id, data.quantity - data.previous_quantity);
  for (const { items } of orders) for (const { product_id, quantity } of items) add(product_id, -quantity);
  const found = await Promise.all(
    [...units.keys()].map(async (id) => {
      const { quantity } = (await (await fetch(`${store}/stocks/${id}`)).json()) as { quantity: number };
      return `${id}: ${quantity}`;
    }),
  );
  const overview = (await (await fetch(`${store}/stocks/reports/overview-stocks`)).json()) as Record<string, number>[];
  const inOverview = overview.map((line) => line['Unités en stock']);
  return [
    ...difference(
      'stock of product',
      [...units].map(([id, quantity]) => `${id}: ${quantity}`),
      found,
    ),
    ...difference('line of the overview with', [...units.values()].map(String), inOverview.map(String)),
  ];
}

export async function faultsOfTheReports(store: string, { orders }: Books): Promise<string[]> {
  const spent = new Map<number, number>();
  const sold = new Map<number, number>();
  const add = (sums: Map<number, number>, key: number, more: number) => sums.set(key, (sums.get(key) ?? 0) + more);
  for (const { user_id, total_amount, items } of orders) {
    if (user_id !== null) add(spent, user_id, cents(total_amount));
    for (const { product_id, quantity } of items) add(sold, product_id, quantity);
  }
  const ten = (sums: Map<number, number>): string[] =>
    [...sums]
      .toSorted(([a, most], [b, more]) => more - most || a - b)
      .slice(0, 10)
      .map(([id, sum]) => `${id}: ${sum}`);
  const read = async <T>(report: string) => (await (await fetch(`${store}/orders/reports/${report}`)).json()) as T[];
  const spenders = await read<{ user_id: number; total_expense: number }>('highest-spenders');
  const sellers = await read<{ product_id: number; quantity_sold: number }>('best-sellers');
  return [
    ...difference(
      'spender',
      ten(spent),
      spenders.map(({ user_id, total_expense }) => `${user_id}: ${cents(total_expense)}`),
    ),
    ...difference(
      'seller',
      ten(sold),
      sellers.map(({ product_id, quantity_sold }) => `${product_id}: ${quantity_sold}`),
    ),
  ];
}

export function difference(what: string, expected: string[], found: string[]): string[] {
  const left = [...found];
  const missing = expected.filter((one) => {
    const place = left.indexOf(one);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
  return [...missing.map((one) => `missing: ${what} ${one}`), ...left.map((one) => `too much: ${what} ${one}`)];
}
