import { readLive } from '@magasin/event-bus';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Rankings } from '../rankings';
import { BEST_SELLERS } from './best-sellers.consumer';

export class BestSeller {
  @ApiProperty({ type: 'integer', example: 1 })
  product_id: number;

  @ApiProperty({ type: 'integer', example: 12 })
  quantity_sold: number;
}

export const TOP_SELLERS = `
  SELECT product_id, quantity_sold FROM best_sellers WHERE instance = ? AND quantity_sold > 0
  ORDER BY quantity_sold DESC, product_id LIMIT 10`;

/** The ten products of which the most units are in the orders that there are, paid or not; of equals the first by id. */
export class BestSellers extends Query<BestSeller[]> {}

@QueryHandler(BestSellers)
export class BestSellersHandler implements IQueryHandler<BestSellers> {
  constructor(
    private readonly reading: DataSource,
    private readonly rankings: Rankings,
  ) {}

  async execute(): Promise<BestSeller[]> {
    const ranked = await this.rankings.sellers?.top(10);
    if (ranked) return ranked.map(({ id, amount }) => ({ product_id: id, quantity_sold: amount }));
    return readLive(this.reading.manager, BEST_SELLERS, (instance) => this.reading.query(TOP_SELLERS, [instance]));
  }
}
