import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a user has ordered for, as one instance of the consumer `highest-spenders` has it. */
@Entity('highest_spenders')
export class Expense {
  @PrimaryColumn('text')
  instance: string;

  @PrimaryColumn('integer')
  user_id: number;

  /** A sum of differences. */
  @Column('integer')
  expense_cents: number;

  /** Kept for good: of a user who is gone, orders may still be told. */
  @Column('boolean')
  deleted: boolean;
}
