import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('orders')
export class Order {
  @PrimaryGeneratedColumn()
  id: number;

  /** Null when the user was deleted. */
  @Column('integer', { nullable: true })
  user_id: number | null;

  /** As they were when the order was made. */
  @Column('text')
  user_name: string;

  @Column('text')
  user_email: string;

  @Column('integer')
  total_cents: number;

  @Column('integer', { nullable: true })
  payment_id: number | null;

  @Column('text', { nullable: true })
  payment_link: string | null;

  @Column('boolean')
  is_paid: boolean;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  created_at: number;
}

/** One for each product, at the price of the moment when it was ordered. */
@Entity('order_items')
export class OrderItem {
  @PrimaryColumn('integer')
  order_id: number;

  @PrimaryColumn('integer')
  product_id: number;

  @Column('text')
  name: string;

  @Column('integer')
  quantity: number;

  @Column('integer')
  unit_price_cents: number;
}

/** A line of an order as callers see it. */
export class OrderedItem {
  @ApiProperty({ type: 'integer', example: 1 })
  product_id: number;

  @ApiProperty({ type: 'integer', example: 2 })
  quantity: number;

  @ApiProperty({ example: 1999.99 })
  unit_price: number;
}

/** An order as callers see it. */
export class OrderView {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ type: 'integer', nullable: true, example: 1, description: 'Null when the user was deleted.' })
  user_id: number | null;

  @ApiProperty({ example: 3999.98 })
  total_amount: number;

  @ApiProperty({ type: [OrderedItem], description: 'One for each product, by its id.' })
  items: OrderedItem[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    example: 'http://localhost:5009/payments/process/1',
    description: 'Where the order is paid. Null until its payment is known.',
  })
  payment_link: string | null;

  @ApiProperty({ example: false })
  is_paid: boolean;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T21:00:41.491Z' })
  created: string;
}
