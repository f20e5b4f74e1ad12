import { IsBoolean, IsEmail, IsIn, IsInt, IsOptional, IsString, IsUrl, Length, MaxLength, Min } from 'class-validator';
import { DomainEvent, EventContract } from './domain-event';
import { IsAmount } from './money';
import { IsIdOrNull, IsListOf } from './parts';

/** A product in an order, at the price of the moment when it was ordered. */
export class OrderLine {
  @IsInt()
  @Min(1)
  product_id: number;

  @IsString()
  @Length(1, 150)
  name: string;

  @IsInt()
  @Min(1)
  quantity: number;

  /** Of one unit. */
  @IsAmount()
  unit_price: string;
}

/** A link that a browser opens; on the machine of a developer it has no top-level domain. */
export const IsLink = (): PropertyDecorator =>
  IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false });

/** What is said of an order, whatever happens to it: nobody has to call back to write an e-mail or a line in the books. */
abstract class OrderFact extends DomainEvent {
  @IsInt()
  @Min(1)
  id: number;

  /** Null when the user was deleted. */
  @IsIdOrNull()
  user_id: number | null;

  /** As they were when the order was made. */
  @IsString()
  @Length(1, 100)
  user_name: string;

  @IsEmail()
  @MaxLength(150)
  user_email: string;

  /** The sum of the lines, to the cent. */
  @IsAmount()
  total_amount: string;

  /** One for each product. */
  @IsListOf(OrderLine)
  items: OrderLine[];
}

const declaration = { topic: 'order-events', schemaVersion: 1, stream: ({ id }: OrderFact) => `order-${id}` };

@EventContract({ ...declaration, summary: 'The order stands, and its units are taken out of the stock.' })
export class OrderCreated extends OrderFact {}

@EventContract({ ...declaration, summary: 'The order has its payment, and the customer can be told where to pay.' })
export class OrderConfirmed extends OrderFact {
  @IsInt()
  @Min(1)
  payment_id: number;

  @IsLink()
  payment_link: string;
}

@EventContract({ ...declaration, summary: 'The money has come, and the order is kept for the customer.' })
export class OrderPaid extends OrderFact {
  @IsInt()
  @Min(1)
  payment_id: number;
}

@EventContract({
  ...declaration,
  summary: 'The order is gone, its units are back in the stock. When it was paid, the money goes back too.',
})
export class OrderCancelled extends OrderFact {
  @IsBoolean()
  is_paid: boolean;

  /** Who wanted it: somebody asked for it, or its user was deleted. */
  @IsIn(['request', 'user-deleted'])
  reason: 'request' | 'user-deleted';
}

/** Why the store did not take money. */
export const REJECTIONS = ['paid-after-cancelled', 'unknown-order', 'wrong-amount'] as const;

/** Told in the stream of the order, by the store, which is the judge: so it stands behind what happened to the order. */
@EventContract<PaymentRejected>({
  topic: 'order-events',
  schemaVersion: 1,
  summary: 'Money has come that the store can not take: payments gives it back.',
  stream: ({ order_id }) => `order-${order_id}`,
})
export class PaymentRejected extends DomainEvent {
  @IsInt()
  @Min(1)
  payment_id: number;

  @IsInt()
  @Min(1)
  order_id: number;

  /** What had been paid. */
  @IsAmount()
  total_amount: string;

  @IsIn(REJECTIONS)
  reason: (typeof REJECTIONS)[number];

  /** Missing when nobody knows whose money it is: there never was such an order. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  user_name?: string;

  @IsOptional()
  @IsEmail()
  @MaxLength(150)
  user_email?: string;
}
