import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A product in the overview of one instance of the consumer `stock-overview`. What is told of it comes in two streams,
 * in any order: a line may have its units before its name.
 */
@Entity('stock_overview')
export class OverviewLine {
  @PrimaryColumn('text')
  instance: string;

  @PrimaryColumn('integer')
  product_id: number;

  @Column('text', { nullable: true })
  name: string | null;

  @Column('text', { nullable: true })
  sku: string | null;

  @Column('integer', { nullable: true })
  price_cents: number | null;

  /** The sum of all differences: it is right when all of them are there, whatever came first. */
  @Column('integer')
  units: number;

  /** Whether somebody has ever set its stock. */
  @Column('boolean')
  counted: boolean;
}

/** An instance that has taken its first event, and so has lines. */
@Entity('stock_overview_begun')
export class OverviewBegun {
  @PrimaryColumn('text')
  instance: string;
}
