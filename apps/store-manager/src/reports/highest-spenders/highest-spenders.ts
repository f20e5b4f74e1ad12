import { readLive } from '@magasin/event-bus';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { toPrice } from '../../products';
import type { Expense } from './expense';
import { Rankings } from '../rankings';
import { HIGHEST_SPENDERS } from './highest-spenders.consumer';

export class HighestSpender {
  @ApiProperty({ type: 'integer', example: 1 })
  user_id: number;

  @ApiProperty({ example: 4059.48 })
  total_expense: number;
}

export const TOP_SPENDERS = `
  SELECT user_id, expense_cents FROM highest_spenders WHERE instance = ? AND deleted = 0 AND expense_cents > 0
  ORDER BY expense_cents DESC, user_id LIMIT 10`;

/** The ten users whose orders, paid or not, cost the most in sum; of equals the first by id. */
export class HighestSpenders extends Query<HighestSpender[]> {}

@QueryHandler(HighestSpenders)
export class HighestSpendersHandler implements IQueryHandler<HighestSpenders> {
  constructor(
    private readonly reading: DataSource,
    private readonly rankings: Rankings,
  ) {}

  async execute(): Promise<HighestSpender[]> {
    const ranked = await this.rankings.spenders?.top(10);
    if (ranked) return ranked.map(({ id, amount }) => ({ user_id: id, total_expense: toPrice(amount) }));
    const top = await readLive(this.reading.manager, HIGHEST_SPENDERS, (instance) =>
      this.reading.query<Expense[]>(TOP_SPENDERS, [instance]),
    );
    return top.map(({ user_id, expense_cents }) => ({ user_id, total_expense: toPrice(expense_cents) }));
  }
}
