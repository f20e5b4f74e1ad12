import { QUIET } from '@magasin/hosting';
import { Controller, Get, Header, Logger, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Gauge, Registry } from 'prom-client';

const MISSING = 'magasin_metrics_missing';

@Controller('metrics')
export class MetricsController {
  private readonly logger = new Logger('metrics');
  private readonly missing: Gauge;

  constructor(private readonly registry: Registry) {
    const help = 'Metrics that this scrape has not got, because what they are read from failed.';
    this.missing = new Gauge({ name: MISSING, help, registers: [registry] });
  }

  /** All are asked at the same time. One that fails is left out: the others are needed most when that happens. */
  @Get()
  @ApiOperation({ summary: 'Give all metrics to Prometheus' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', example: 'magasin_log_head 12' } })
  @Header('Cache-Control', 'no-store')
  @RouteConfig(QUIET)
  async scrape(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const names = this.registry.getMetricsAsArray().map(({ name }) => name);
    const others = names.filter((name) => name !== MISSING);
    const results = await Promise.allSettled(others.map((name) => this.registry.getSingleMetricAsString(name)));
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed.length > 0) this.logger.warn(`${failed.length} missing: ${(failed[0].reason as Error).message}`);
    this.missing.set(failed.length);
    const texts = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
    void reply.header('Content-Type', this.registry.contentType);
    return [...texts, await this.registry.getSingleMetricAsString(MISSING), ''].join('\n');
  }
}
