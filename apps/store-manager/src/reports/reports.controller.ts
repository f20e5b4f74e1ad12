import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { BestSeller, BestSellers } from './best-sellers/best-sellers';
import { HighestSpender, HighestSpenders } from './highest-spenders/highest-spenders';
import { ReportsMetrics } from './reports.metrics';

const FED_BY_EVENTS =
  'Over all orders that there are, paid or not. Fed by events: a write is seen here when its event has arrived.';

@Controller('orders/reports')
export class ReportsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly metrics: ReportsMetrics,
  ) {}

  @Get('highest-spenders')
  @ApiOperation({ summary: 'List the ten users who have ordered for the most', description: FED_BY_EVENTS })
  @ApiOkResponse({ type: [HighestSpender] })
  highestSpenders(): Promise<HighestSpender[]> {
    this.metrics.highestSpenders.inc();
    return this.queries.execute(new HighestSpenders());
  }

  @Get('best-sellers')
  @ApiOperation({ summary: 'List the ten products that were ordered the most', description: FED_BY_EVENTS })
  @ApiOkResponse({ type: [BestSeller] })
  bestSellers(): Promise<BestSeller[]> {
    this.metrics.bestSellers.inc();
    return this.queries.execute(new BestSellers());
  }
}
