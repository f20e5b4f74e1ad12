import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many units of a product are in the orders, as one instance of the consumer `best-sellers` has it. */
@Entity('best_sellers')
export class UnitsSold {
  @PrimaryColumn('text')
  instance: string;

  @PrimaryColumn('integer')
  product_id: number;

  /** A sum of differences; 0 when every order of it was cancelled. */
  @Column('integer')
  quantity_sold: number;
}
