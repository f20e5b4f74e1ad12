import { domainOf, type Ledger, skuPrefixOf } from './ledger';

/** An event as the log has it. */
export interface Entry {
  position: number;
  id: string;
  type: string;
  stream: string;
  version: number;
  recorded_at: string;
  data: Facts;
}

/** What events say, whichever they are. */
export interface Facts {
  id: number;
  name?: string;
  email?: string;
  user_type_id?: number;
  user_email?: string;
  order_id?: number;
  product_id?: number;
  sku?: string;
  quantity?: number;
  previous_quantity?: number;
  total_amount?: string;
  price?: string;
  is_paid?: boolean;
  items?: { product_id: number; quantity: number; unit_price: string }[];
}

/** The part of the log that is ours: of users, products and orders of this day, whether somebody has asked for them or not. */
export class OwnLog {
  readonly streams = new Set<string>();

  constructor(readonly entries: Entry[]) {
    for (const { stream } of entries) this.streams.add(stream);
  }

  of(type: string): Entry[] {
    return this.entries.filter((entry) => entry.type === type);
  }

  /** How often it was told of an order, its money included. */
  times(type: string, order: number): number {
    return this.of(type).filter(({ data }) => (data.order_id ?? data.id) === order).length;
  }

  /** `user` → the ids in the streams `user-6`, `user-7`… that were told of with facts that can be read. */
  idsOf(kind: string): number[] {
    const own = this.entries.filter(({ stream, data }) => stream === `${kind}-${data.id}`);
    return [...new Set(own.map(({ data }) => data.id))];
  }

  get last(): number {
    return this.entries.at(-1)?.position ?? 0;
  }
}

/** A cause is told before what it leads to: so one passage finds all. */
export async function logOf(ledger: Ledger, pages: AsyncIterable<Entry[]>): Promise<OwnLog> {
  const domain = domainOf(ledger);
  const prefix = skuPrefixOf(ledger);
  const orders = new Set<number>();
  const products = new Set<number>();
  const ours: Entry[] = [];
  const isOurs = ({ type, stream, data }: Entry): boolean => {
    if (stream === ledger.poison?.stream) return true;
    if (data.sku?.startsWith(prefix)) return Boolean(products.add(data.id));
    if (type === 'StockSet') return products.has(data.product_id!);
    if (data.order_id !== undefined) return orders.has(data.order_id);
    const email = data.email ?? data.user_email;
    if (!email?.endsWith(domain)) return false;
    if (stream.startsWith('order-')) orders.add(data.id);
    return true;
  };
  for await (const page of pages) ours.push(...page.filter(isOurs));
  return new OwnLog(ours);
}
