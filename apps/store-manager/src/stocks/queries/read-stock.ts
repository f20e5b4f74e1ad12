import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { StockNotFound } from '../errors';
import { Stock } from '../stock';

export class ReadStock extends Query<Stock> {
  constructor(readonly product_id: number) {
    super();
  }
}

@QueryHandler(ReadStock)
export class ReadStockHandler implements IQueryHandler<ReadStock> {
  constructor(@InjectRepository(Stock) private readonly stocks: Repository<Stock>) {}

  async execute({ product_id }: ReadStock): Promise<Stock> {
    const stock = await this.stocks.findOneBy({ product_id });
    if (!stock) throw new StockNotFound(product_id);
    return stock;
  }
}
