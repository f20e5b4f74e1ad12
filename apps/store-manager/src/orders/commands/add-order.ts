import { OrderCreated } from '@magasin/contracts';
import { EventLog, insertOne, type UnitOfWork } from '@magasin/event-log';
import { IsId, IsListOf, IsQuantity } from '@magasin/hosting';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { findProducts } from '../../products';
import { inProductOrder, takeStock, UnknownProduct } from '../../stocks';
import { findUser } from '../../users';
import { TotalTooLarge, UnknownUser } from '../errors';
import { factsOf } from '../facts';
import type { Order, OrderItem } from '../order';

/** An order is made by hand, or by a cart: nobody reads more lines than this. */
const MOST_ITEMS = 100;
/** 9,999,999,999.99: what the tables and the events of all apps hold. */
const LARGEST_TOTAL_CENTS = 999_999_999_999;

export class OrderAdded {
  @ApiProperty({ type: 'integer', example: 1 })
  order_id: number;
}

export class ItemToOrder {
  @ApiProperty({ example: 1 })
  @IsId()
  product_id: number;

  @ApiProperty({ example: 2 })
  @IsQuantity(1)
  quantity: number;
}

export class AddOrder extends Command<OrderAdded> {
  @ApiProperty({ example: 1 })
  @IsId()
  user_id: number;

  /** A product that is named twice makes one line. */
  @IsListOf(ItemToOrder, MOST_ITEMS)
  items: ItemToOrder[];
}

/**
 * The order, its lines, the stock that it takes and its event are one unit. It locks the user, then the products, then
 * their stock, each in the order of their ids; who deletes a user or a product does so too.
 */
@CommandHandler(AddOrder)
export class AddOrderHandler implements ICommandHandler<AddOrder> {
  constructor(private readonly log: EventLog) {}

  async execute({ user_id, items }: AddOrder): Promise<OrderAdded> {
    return this.log.transaction(async (tx) => {
      const user = await findUser(tx, user_id);
      if (!user) throw new UnknownUser(user_id);
      const lines = await priced(tx, items);
      const total_cents = totalOf(lines);
      await takeStock(tx, lines);

      const about = { user_id, user_name: user.name, user_email: user.email, total_cents };
      return { order_id: await insert(tx, about, lines) };
    });
  }
}

type Line = Omit<OrderItem, 'order_id'>;

/** One line for each product, at its price of this moment. @throws UnknownProduct */
async function priced(tx: UnitOfWork, items: ItemToOrder[]): Promise<Line[]> {
  const lines = inProductOrder(items);
  const products = await findProducts(
    tx,
    lines.map(({ product_id }) => product_id),
  );
  const unknown = items.flatMap(({ product_id }, index) =>
    products.has(product_id) ? [] : [{ product_id, pointer: `#/items/${index}/product_id` }],
  );
  if (unknown.length > 0) throw new UnknownProduct(...unknown);
  return lines.map(({ product_id, quantity }) => {
    const { name, price_cents } = products.get(product_id)!;
    return { product_id, name, quantity, unit_price_cents: price_cents };
  });
}

/** @throws TotalTooLarge */
function totalOf(lines: Line[]): number {
  // Exact: what a number does not hold to the cent is too large anyway.
  const total = lines.reduce((sum, { quantity, unit_price_cents }) => sum + quantity * unit_price_cents, 0);
  if (total > LARGEST_TOTAL_CENTS) throw new TotalTooLarge();
  return total;
}

type About = Pick<Order, 'user_id' | 'user_name' | 'user_email' | 'total_cents'>;

/** In plain SQL: TypeORM takes longer to write these statements than SQLite to run them, and each is a round trip to a server. @returns the id of the order */
async function insert(tx: UnitOfWork, about: About, lines: Line[]): Promise<number> {
  const order = { ...about, payment_id: null, payment_link: null, is_paid: false, created_at: Date.now() };
  const { user_id, user_name, user_email, total_cents, created_at } = order;
  const id = await insertOne(
    tx.rows,
    'INSERT INTO orders (user_id, user_name, user_email, total_cents, is_paid, created_at) VALUES (?, ?, ?, ?, 0, ?)',
    [user_id, user_name, user_email, total_cents, created_at],
  );
  const items = lines.map((line) => ({ order_id: id, ...line }));
  await tx.rows.query(
    `INSERT INTO order_items (order_id, product_id, name, quantity, unit_price_cents)
     VALUES ${items.map(() => '(?, ?, ?, ?, ?)').join()}`,
    items.flatMap(({ product_id, name, quantity, unit_price_cents }) => [
      id,
      product_id,
      name,
      quantity,
      unit_price_cents,
    ]),
  );
  tx.record(OrderCreated.of(factsOf({ id, ...order }, items)));
  return id;
}
