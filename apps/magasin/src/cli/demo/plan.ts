import { domainOf, skuPrefixOf } from './ledger';

/** What becomes of an order. The first ones are dealt to every day, however small. */
const FATES = ['link', 'refunded', 'raced', 'short', 'twice', 'api', 'cancelled', 'put', 'hasty', 'open'] as const;

export type Fate = (typeof FATES)[number];

export interface PlannedOrder {
  fate: Fate;
  lines: { product: number; quantity: number }[];
}

export interface PlannedCustomer {
  name: string;
  email: string;
  user_type_id: number;
  orders: PlannedOrder[];
  /** Whether the user is deleted in the end. */
  leaves: boolean;
}

export interface PlannedProduct {
  name: string;
  sku: string;
  price_cents: number;
  quantity: number;
}

export interface Plan {
  run: string;
  products: PlannedProduct[];
  customers: PlannedCustomer[];
}

const FIRST_NAMES = ['Ada', 'Grace', 'Zoé', 'Noël', 'Marie', 'Émile', 'Chloé', 'Hugo', 'Inès', 'Léo', 'Maya', 'Olaf'];
const LAST_NAMES = ['Tremblay', 'Gagnon', 'Roy', 'Côté', "O'Neil", 'Lefebvre', 'Nguyễn', 'Müller', 'Bouchard', '李'];
const GOODS = ['Lampe', 'Clavier', 'Théière', 'Carnet', 'Parapluie', 'Radio', 'Tabouret', 'Boussole'];
const CLIENT = 1;
const EMPLOYEE = 2;
const MANAGER = 3;

/** A day in the shop. The same seed plans the same day; only its name, which tells it from others, is another one. */
export function planDay(customers: number, seed: number, run: string): Plan {
  const roll = dice(seed);
  const plan: Plan = {
    run,
    products: GOODS.map((good, index) => ({
      name: `${good} ${run}`,
      sku: `${skuPrefixOf({ run })}${index + 1}`,
      price_cents: 99 + roll(20_000),
      quantity: 1 + roll(50),
    })),
    customers: Array.from({ length: customers }, (_, index) => planCustomer(index, run, roll)),
  };
  deal(plan.customers.flatMap(({ orders, leaves }) => (leaves ? [] : orders)));
  // What nobody refuses must be there; how much is left over is for the dice.
  for (const { fate, lines } of plan.customers.flatMap(({ orders }) => orders)) {
    if (fate !== 'short') for (const { product, quantity } of lines) plan.products[product].quantity += quantity;
  }
  return plan;
}

function planCustomer(index: number, run: string, roll: (sides: number) => number): PlannedCustomer {
  const name = `${FIRST_NAMES[roll(FIRST_NAMES.length)]} ${LAST_NAMES[roll(LAST_NAMES.length)]}`;
  // The second one leaves with an order that is paid and one that is not, the third without any.
  const leaves = index % 8 === 1 || index % 16 === 2;
  const count = leaves ? (index % 16 === 2 ? 0 : 2) : 2 + roll(2);
  const orders = Array.from({ length: count }, (_, place): PlannedOrder => {
    const lines = Array.from({ length: 1 + roll(3) }, () => ({ product: roll(GOODS.length), quantity: 1 + roll(4) }));
    return {
      fate: place === 0 ? 'link' : 'open',
      lines: [...new Map(lines.map((line) => [line.product, line])).values()],
    };
  });
  return {
    name,
    email: `customer-${index + 1}${domainOf({ run })}`,
    user_type_id: index % 6 === 4 ? EMPLOYEE : index % 12 === 2 ? MANAGER : CLIENT,
    orders,
    leaves,
  };
}

const deal = (orders: PlannedOrder[]): void =>
  orders.forEach((order, index) => {
    order.fate = FATES[index % FATES.length];
  });

/** Mulberry32: the same numbers from 0 to sides - 1 for the same seed, on every machine. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}
