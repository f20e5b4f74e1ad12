import { EXIT, Failure } from '../failures';
import type { Caller, Reply } from './caller';
import type { AskedOrder, AskedProduct, AskedUser, Ledger } from './ledger';

/** Where the apps of the shop answer. */
export interface Addresses {
  store: string;
  payments: string;
  coolriel: string;
}

/** A day that is being played: whom it asks, and what it has asked for. */
export interface Day {
  at: Addresses;
  caller: Caller;
  ledger: Ledger;
}

/** An answer that nobody would expect. It ends what it belongs to; where it is noted, the rest of the day goes on. */
export class Strange extends Failure {
  constructor(detail: string) {
    super(EXIT.refused, { type: 'urn:magasin:cli:strange', title: 'A strange answer', detail });
  }
}

/** @throws Strange when the answer has another status than these */
export function expected<T>({ status, body, again }: Reply<T>, what: string, ...statuses: number[]): T {
  if (statuses.includes(status)) return body;
  throw new Strange(`${what} was answered ${status}${again ? ' when asked again' : ''}: ${body.detail ?? 'no reason'}`);
}

/** Whatever happens in it is told at the end, and stops nothing else. */
export async function noting(ledger: Ledger, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Strange)) throw error;
    ledger.strange.push(error.message);
  }
}

export async function addUser(day: Day, user: Omit<AskedUser, 'id' | 'deleted'>): Promise<AskedUser> {
  const reply = await day.caller.post<{ user_id: number }>(`${day.at.store}/users`, user);
  const { user_id } = expected(reply, `POST /users for ${user.email}`, 201);
  const asked = { id: user_id, ...user, deleted: false };
  day.ledger.users.push(asked);
  return asked;
}

export async function deleteUser(day: Day, user: AskedUser): Promise<void> {
  await deleteOnce(day, `/users/${user.id}`);
  user.deleted = true;
  // Those that are paid stay in the books.
  for (const order of day.ledger.orders) {
    if (order.user_id === user.id && order.state === 'open') order.state = 'cancelled';
  }
}

export async function addProduct(
  day: Day,
  { name, sku, price_cents, quantity }: Pick<AskedProduct, 'name' | 'sku' | 'price_cents' | 'quantity'>,
): Promise<AskedProduct> {
  const price = price_cents / 100;
  const reply = await day.caller.post<{ product_id: number }>(`${day.at.store}/products`, { name, sku, price });
  const { product_id } = expected(reply, `POST /products for ${sku}`, 201);
  const asked = { id: product_id, name, sku, price_cents, quantity: 0, counted: 0, deleted: false };
  day.ledger.products.push(asked);
  await count(day, asked, quantity);
  return asked;
}

export async function count(day: Day, product: AskedProduct, quantity: number): Promise<void> {
  const body = { product_id: product.id, quantity };
  const reply = await day.caller.post<{ result: string }>(`${day.at.store}/stocks`, body);
  const { result } = expected(reply, `POST /stocks for product ${product.id}`, 201);
  const right = product.counted === 0 ? `rows added: ${quantity}` : 'rows updated: 1';
  if (result !== right) throw new Strange(`POST /stocks for product ${product.id} says "${result}", not "${right}"`);
  product.quantity = quantity;
  product.counted += 1;
}

export async function deleteProduct(day: Day, product: AskedProduct): Promise<void> {
  await deleteOnce(day, `/products/${product.id}`);
  product.deleted = true;
}

export async function cancelOrder(day: Day, order: AskedOrder): Promise<void> {
  await deleteOnce(day, `/orders/${order.id}`);
  order.state = 'cancelled';
}

/** When it is asked again, the first request may have done it. */
async function deleteOnce({ at, caller }: Day, path: string): Promise<void> {
  const reply = await caller.delete<{ deleted?: boolean }>(at.store + path);
  if (reply.again && reply.status === 404) return;
  const { deleted } = expected(reply, `DELETE ${path}`, 200);
  if (deleted !== true) throw new Strange(`DELETE ${path} was answered 200 without "deleted": true`);
}
