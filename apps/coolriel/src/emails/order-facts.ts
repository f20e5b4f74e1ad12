import { type Facts, type OrderCreated, toAmount, toCents } from '@magasin/contracts';
import type { Line } from './email-declaration';

const DOLLARS = new Intl.NumberFormat('fr-CA', { style: 'currency', currency: 'CAD' });

/** `1 999,99 $`, in spaces that do not break. Exact: the digits of the text are written, no number is made of them. */
export const inDollars = (amount: string): string => DOLLARS.format(amount as `${number}`);

/** For samples: what somebody has bought. */
export const AN_ORDER: Facts<OrderCreated> = {
  id: 7,
  user_id: 6,
  user_name: 'Grace Hopper',
  user_email: 'grace@example.com',
  total_amount: '4059.48',
  items: [
    { product_id: 1, name: 'Laptop ABC', quantity: 2, unit_price: '1999.99' },
    { product_id: 2, name: 'Keyboard DEF', quantity: 1, unit_price: '59.50' },
  ],
};

/** What was ordered, line by line, and the total. The total that was charged is the order's own; it is not summed up here. */
export const orderLines = ({ items, total_amount }: Pick<OrderCreated, 'items' | 'total_amount'>): Line[] => [
  ...items.map(({ name, quantity, unit_price }): Line => {
    const amount = toAmount(toCents(unit_price)! * quantity);
    return [name, inDollars(amount), `${quantity} × ${inDollars(unit_price)}`];
  }),
  ['Total', inDollars(total_amount)],
];

/** Whom to ask. */
export const QUESTIONS = 'Une question ? Écrivez à ventes@magasinducoin.ca, une personne vous répondra.';
