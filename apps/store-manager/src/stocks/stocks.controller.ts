import { ParseId, Problems } from '@magasin/hosting';
import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SetStock, StockIsSet } from './commands/set-stock';
import { StockNotFound, UnknownProduct } from './errors';
import { OverviewStocks, StockOnHand } from './overview/overview-stocks';
import { ReadStock } from './queries/read-stock';
import { Stock } from './stock';

const LOCATION = { Location: { description: 'Where the stock is read.', schema: { type: 'string' as const } } };

@Controller('stocks')
export class StocksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Set how many units of a product there are' })
  @ApiCreatedResponse({ type: StockIsSet, headers: LOCATION })
  @Problems(new UnknownProduct({ product_id: 9, pointer: '#/product_id' }))
  async set(@Body() command: SetStock, @Res({ passthrough: true }) reply: FastifyReply): Promise<StockIsSet> {
    const set = await this.commands.execute(command);
    void reply.header('Location', `/stocks/${command.product_id}`);
    return set;
  }

  @Get('reports/overview-stocks')
  @ApiOperation({
    summary: 'List what is in stock, by product',
    description: 'Fed by events: a write is seen here when its event has arrived.',
  })
  @ApiOkResponse({ type: [StockOnHand] })
  overview(): Promise<StockOnHand[]> {
    return this.queries.execute(new OverviewStocks());
  }

  @Get(':product_id')
  @ApiOperation({ summary: 'Read the stock of a product' })
  @ApiOkResponse({ type: Stock })
  @Problems(new StockNotFound(6))
  read(@Param('product_id', ParseId) product_id: number): Promise<Stock> {
    return this.queries.execute(new ReadStock(product_id));
  }
}
