import { IsEmail, IsIn, IsInt, IsOptional, IsString, Length, MaxLength, Min } from 'class-validator';
import { DomainEvent, EventContract } from './domain-event';
import { IsAmount } from './money';
import { IsLink, REJECTIONS } from './order-events';
import { IsIdOrNull } from './parts';

/** What is said of a payment: for which order, and how much. Of the card nothing. */
abstract class PaymentFact extends DomainEvent {
  @IsInt()
  @Min(1)
  id: number;

  @IsInt()
  @Min(1)
  order_id: number;

  @IsIdOrNull()
  user_id: number | null;

  @IsAmount()
  total_amount: string;
}

const declaration = { topic: 'payment-events', schemaVersion: 1, stream: ({ id }: PaymentFact) => `payment-${id}` };

@EventContract({ ...declaration, summary: 'The order can be paid, at the link.' })
export class PaymentRequested extends PaymentFact {
  @IsLink()
  payment_link: string;
}

@EventContract({
  ...declaration,
  summary: 'The card was charged. Whether the order is still there to be paid is for the store to say.',
})
export class PaymentReceived extends PaymentFact {}

/** Why money was given back: a paid order was cancelled, or the store had not taken it. */
export const REFUNDS = ['order-cancelled', ...REJECTIONS] as const;

@EventContract({ ...declaration, summary: 'The card was credited.' })
export class PaymentRefunded extends PaymentFact {
  @IsIn(REFUNDS)
  reason: (typeof REFUNDS)[number];

  /** Missing when nobody knows whose money it was. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  user_name?: string;

  @IsOptional()
  @IsEmail()
  @MaxLength(150)
  user_email?: string;
}
