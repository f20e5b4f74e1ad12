import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
import { BestSellersHandler } from './best-sellers/best-sellers';
import { BestSellersConsumer } from './best-sellers/best-sellers.consumer';
import { UnitsSold } from './best-sellers/units-sold';
import { Expense } from './highest-spenders/expense';
import { HighestSpendersHandler } from './highest-spenders/highest-spenders';
import { HighestSpendersConsumer } from './highest-spenders/highest-spenders.consumer';
import { Rankings } from './rankings';
import { ReportsController } from './reports.controller';
import { ReportsMetrics } from './reports.metrics';
import { CreateReports1764000001500 } from './schema';

/** What was sold, and to whom: projections of the events, never a scan of the orders. */
@Module({
  imports: [
    EventBackboneModule.forFeature({ entities: [UnitsSold, Expense], migrations: [CreateReports1764000001500] }),
  ],
  controllers: [ReportsController],
  providers: [
    BestSellersConsumer,
    BestSellersHandler,
    HighestSpendersConsumer,
    HighestSpendersHandler,
    Rankings,
    ReportsMetrics,
  ],
})
export class ReportsModule {}
