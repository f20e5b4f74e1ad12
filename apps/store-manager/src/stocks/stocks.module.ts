import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
import { ProductsModule } from '../products';
import { SetStockHandler } from './commands/set-stock';
import { GraphqlQueryHandler } from './graphql/graphql-query';
import { GraphqlController } from './graphql/graphql.controller';
import { OverviewBegun, OverviewLine } from './overview/overview-line';
import { OverviewStocksHandler } from './overview/overview-stocks';
import { StockOverview } from './overview/overview.consumer';
import { CreateStockOverview1764000001300 } from './overview/schema';
import { ReadStockHandler } from './queries/read-stock';
import { CreateStocks1764000001200 } from './schema';
import { Stock } from './stock';
import { StocksController } from './stocks.controller';

const tables = {
  entities: [Stock, OverviewLine, OverviewBegun],
  migrations: [CreateStocks1764000001200, CreateStockOverview1764000001300],
};

@Module({
  imports: [EventBackboneModule.forFeature(tables), ProductsModule],
  controllers: [StocksController, GraphqlController],
  providers: [SetStockHandler, ReadStockHandler, OverviewStocksHandler, StockOverview, GraphqlQueryHandler],
})
export class StocksModule {}
