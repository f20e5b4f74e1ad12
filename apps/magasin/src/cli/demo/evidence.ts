import type { Consumer, Email, Group, Stream } from '../answers';
import type { Page } from '../api';
import type { Caller } from './caller';
import { type Addresses, expected } from './day';
import type { Ledger } from './ledger';
import { type Entry, logOf, type OwnLog } from './log';
import type { OrderView } from './orders';

/** What the shop says by itself, of what is ours. Undefined: there is none. */
export interface Evidence {
  log: OwnLog;
  users: Map<number, UserView | undefined>;
  products: Map<number, ProductView | undefined>;
  stocks: Map<number, StockView | undefined>;
  orders: Map<number, OrderView | undefined>;
  payments: Map<number, PaymentView | undefined>;
  emails: Email[];
  consumers: Consumer[];
  parked: Stream[];
  spenders: { user_id: number; total_expense: number }[];
  sellers: { product_id: number; quantity_sold: number }[];
  /** Units in stock by SKU. */
  overview: Map<string, number>;
}

export interface UserView {
  id: number;
  name: string;
  email: string;
  user_type_id: number;
}

export interface ProductView {
  id: number;
  name: string;
  sku: string;
  price: number;
}

export interface StockView {
  product_id: number;
  quantity: number;
}

export interface PaymentView {
  id: number;
  order_id: number;
  user_id: number | null;
  total_amount: number;
  is_paid: boolean;
  state: string;
}

const LONGEST_PAGE = 500;
const AT_ONCE = 8;
/** Longer than a shop takes that is busy. */
const BEFORE_MS = 60_000;

export class Witness {
  constructor(
    private readonly at: Addresses,
    private readonly caller: Caller,
    private readonly ledger: Ledger,
  ) {}

  async testify(): Promise<Evidence> {
    const { store, payments } = this.at;
    const log = await this.log();
    const ids = (of: { id: number }[], stream: string): number[] => [
      ...new Set([...of.map(({ id }) => id), ...log.idsOf(stream)]),
    ];
    const { users, products, orders } = this.ledger;
    const productIds = ids(products, 'product');
    return {
      log,
      users: await this.each(ids(users, 'user'), `${store}/users`),
      products: await this.each(productIds, `${store}/products`),
      stocks: await this.each(productIds, `${store}/stocks`),
      orders: await this.each(ids(orders, 'order'), `${store}/orders`),
      payments: await this.each(log.idsOf('payment'), `${payments}/payments`),
      emails: await this.emails(log.entries[0]),
      consumers: await this.consumers(),
      parked: await this.parked(log),
      spenders: await this.get(`${store}/orders/reports/highest-spenders`),
      sellers: await this.get(`${store}/orders/reports/best-sellers`),
      overview: await this.overview(),
    };
  }

  async log(): Promise<OwnLog> {
    return logOf(this.ledger, this.pages<Entry>(`${this.at.store}/events?after=${this.ledger.begun}`));
  }

  /** Each app tells of those that its process has. A replay has an end of its own. */
  async consumers(): Promise<Consumer[]> {
    const all = (await this.ofAllApps<Consumer>('/admin/consumers')).filter(
      ({ consumer }) => !/@replay-/.test(consumer),
    );
    return [...new Map(all.map((one) => [one.consumer, one])).values()];
  }

  /** Of our day alone. They are listed from the newest on. */
  async emails(first: Entry | undefined): Promise<Email[]> {
    const ours: Email[] = [];
    if (!first) return ours;
    const oldest = Date.parse(first.recorded_at) - BEFORE_MS;
    for await (const items of this.pages<Email>(`${this.at.coolriel}/emails?`)) {
      ours.push(...items.filter(({ recipient }) => recipient.endsWith(`@${this.ledger.run}.example.com`)));
      if (items.some(({ created_at }) => Date.parse(created_at) < oldest)) break;
    }
    return ours;
  }

  private async parked(log: OwnLog): Promise<Stream[]> {
    const all: Stream[] = [];
    for (const { consumer, error_key } of await this.ofAllApps<Group>('/admin/parked')) {
      const query = new URLSearchParams({ consumer, error_key });
      for await (const items of this.pages<Stream>(`${this.at.store}/admin/parked/streams?${query.toString()}`)) {
        all.push(...items.filter(({ stream }) => log.streams.has(stream)));
      }
    }
    return [...new Map(all.map((one) => [`${one.consumer} ${one.stream}`, one])).values()];
  }

  private async overview(): Promise<Map<string, number>> {
    const lines = await this.get<Record<string, string | number>[]>(`${this.at.store}/stocks/reports/overview-stocks`);
    return new Map(lines.map((line) => [String(line['Numéro SKU']), Number(line['Unités en stock'])]));
  }

  private async ofAllApps<T>(path: string): Promise<T[]> {
    const urls = new Set(Object.values(this.at) as string[]);
    return (await Promise.all([...urls].map((url) => this.get<T[]>(url + path)))).flat();
  }

  private async get<T>(url: string): Promise<T> {
    return expected(await this.caller.get<T>(url), `GET ${url}`, 200);
  }

  private async *pages<T>(url: string): AsyncGenerator<T[]> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page<T> = await this.get(`${url}&limit=${LONGEST_PAGE}${cursor && `&cursor=${cursor}`}`);
      yield page.items;
      cursor = page.nextCursor;
    }
  }

  private async each<T>(ids: number[], list: string): Promise<Map<number, T | undefined>> {
    const found = new Map<number, T | undefined>();
    const waiting = ids.values();
    const work = async (): Promise<void> => {
      for (const id of waiting) {
        const reply = await this.caller.get<T>(`${list}/${id}`);
        const body = expected(reply, `GET ${list}/${id}`, 200, 404);
        found.set(id, reply.status === 404 ? undefined : body);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found;
  }
}
