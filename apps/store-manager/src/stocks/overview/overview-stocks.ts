import { readLive } from '@magasin/event-bus';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { ApiProperty } from '@nestjs/swagger';
import { IsNull, Not, Repository } from 'typeorm';
import { toPrice } from '../../products';
import { firstLines } from './first-lines';
import { OverviewBegun, OverviewLine } from './overview-line';
import { STOCK_OVERVIEW } from './overview.consumer';

/** The keys are those of the system before. */
export class StockOnHand {
  @ApiProperty({ example: 'Laptop ABC' })
  Article: string;

  @ApiProperty({ example: 'LP12567' })
  'Numéro SKU': string;

  @ApiProperty({ example: 1999.99 })
  'Prix unitaire': number;

  @ApiProperty({ type: 'integer', example: 1000 })
  'Unités en stock': number;
}

/** The products whose stock was ever set, by id. Fed by events: a write is seen when its event has arrived. */
export class OverviewStocks extends Query<StockOnHand[]> {}

@QueryHandler(OverviewStocks)
export class OverviewStocksHandler implements IQueryHandler<OverviewStocks> {
  constructor(
    @InjectRepository(OverviewLine) private readonly lines: Repository<OverviewLine>,
    @InjectRepository(OverviewBegun) private readonly begun: Repository<OverviewBegun>,
  ) {}

  async execute(): Promise<StockOnHand[]> {
    const lines = await readLive(this.lines.manager, STOCK_OVERVIEW, (instance) => this.linesOf(instance));
    return lines.map(({ name, sku, price_cents, units }) => ({
      Article: name!,
      'Numéro SKU': sku!,
      'Prix unitaire': toPrice(price_cents!),
      'Unités en stock': units,
    }));
  }

  private async linesOf(instance: string): Promise<OverviewLine[]> {
    if (!(await this.begun.existsBy({ instance }))) return firstLines(instance).filter(({ counted }) => counted);
    return this.lines.find({
      where: { instance, counted: true, name: Not(IsNull()) },
      order: { product_id: 'ASC' },
    });
  }
}
