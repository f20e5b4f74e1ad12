import { type Facts, type PaymentReceived, toAmount } from '@magasin/contracts';
import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Can be paid; has been paid; can not be paid any more; was paid, and the money went back. */
export const PAYMENT_STATES = ['requested', 'paid', 'cancelled', 'refunded'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** The one payment of an order. */
@Entity('payments')
export class Payment {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('integer')
  order_id: number;

  @Column('integer', { nullable: true })
  user_id: number | null;

  @Column('integer')
  total_cents: number;

  @Column('text')
  state: PaymentState;

  /** What the order itself says that it costs; null as long as it has said nothing. */
  @Column('integer', { nullable: true })
  order_cents: number | null;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  created_at: number;
}

/** A payment as callers see it. */
export class PaymentView {
  @ApiProperty({ type: 'integer', example: 6 })
  id: number;

  @ApiProperty({ type: 'integer', example: 7 })
  order_id: number;

  @ApiProperty({ type: 'integer', nullable: true, example: 1 })
  user_id: number | null;

  @ApiProperty({ example: 2059.49 })
  total_amount: number;

  @ApiProperty({ example: false, description: 'Whether the money is here: false again when it went back.' })
  is_paid: boolean;

  @ApiProperty({ enum: PAYMENT_STATES, example: 'requested' })
  state: PaymentState;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T16:00:41.491Z' })
  created: string;
}

export const viewOf = ({ id, order_id, user_id, total_cents, state, created_at }: Payment): PaymentView => ({
  id,
  order_id,
  user_id,
  // A JSON number: the one whose shortest text is the amount.
  total_amount: Number(toAmount(total_cents)),
  is_paid: state === 'paid',
  state,
  created: new Date(created_at).toISOString(),
});

/** What every event of a payment says. */
export const factsOf = ({
  id,
  order_id,
  user_id,
  total_cents,
}: Pick<Payment, 'id' | 'order_id' | 'user_id' | 'total_cents'>): Facts<PaymentReceived> => ({
  id,
  order_id,
  user_id,
  total_amount: toAmount(total_cents),
});

/** Where a browser pays it. */
export const linkOf = (base: string, id: number): string => `${base.replace(/\/+$/, '')}/${id}`;
