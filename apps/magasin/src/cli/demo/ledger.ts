/** What the demo has asked for and was told that it was done. All else is compared with it. Plain data: it can be saved. */
export interface Ledger {
  /** Stands in every e-mail address and SKU of this day, so that it finds its own among what others do. */
  run: string;
  /** The last position of the log before the day. */
  begun: number;
  users: AskedUser[];
  products: AskedProduct[];
  orders: AskedOrder[];
  /** Orders that were refused because there was too little in stock, as they had to be. */
  short: number;
  poison?: Poison;
  /** Answers that nobody would expect, in words. */
  strange: string[];
}

export interface AskedUser {
  id: number;
  name: string;
  email: string;
  user_type_id: number;
  deleted: boolean;
}

export interface AskedProduct {
  id: number;
  name: string;
  sku: string;
  price_cents: number;
  /** How many there are before anybody orders. */
  quantity: number;
  /** How often it was counted. */
  counted: number;
  deleted: boolean;
}

export interface AskedOrder {
  id: number;
  user_id: number;
  user_email: string;
  lines: Line[];
  state: 'open' | 'paid' | 'cancelled';
  /** Whether payments said that the card was charged. */
  charged: boolean;
  /** Whether it was seen with the link where it is paid. */
  confirmed: boolean;
}

export interface Line {
  product_id: number;
  quantity: number;
  price_cents: number;
}

export interface Poison {
  position: number;
  stream: string;
  /** Who could not read it. */
  parked_by: string[];
  /** Whether it was skipped, else it was left there. */
  skipped: boolean;
}

export const domainOf = ({ run }: Pick<Ledger, 'run'>): string => `@${run}.example.com`;

export const skuPrefixOf = ({ run }: Pick<Ledger, 'run'>): string => `DEMO-${run}-`;

export const sum = (numbers: number[]): number => numbers.reduce((total, one) => total + one, 0);

export const centsOf = ({ lines }: Pick<AskedOrder, 'lines'>): number =>
  sum(lines.map(({ quantity, price_cents }) => quantity * price_cents));

/** In which state the one payment of an order must be in the end. */
export function paymentStateOf({ state, charged }: AskedOrder): 'requested' | 'paid' | 'cancelled' | 'refunded' {
  if (charged) return state === 'cancelled' ? 'refunded' : 'paid';
  return state === 'cancelled' ? 'cancelled' : 'requested';
}
