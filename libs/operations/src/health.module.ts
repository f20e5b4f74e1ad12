import { QUIET } from '@magasin/hosting';
import { applyDecorators, Controller, type DynamicModule, Get, Header, Module, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppHealth, HealthReport, HEALTH_OPTIONS, type HealthOptions } from './health';
import { DatabaseHealth } from './health.database';

const HealthAnswers = (): MethodDecorator =>
  applyDecorators(
    ApiOkResponse({ type: HealthReport }),
    ApiServiceUnavailableResponse({ type: HealthReport, description: 'It is down.' }),
  );

/** For those who restart what hangs (live), who send it requests (ready), and who want to see all of it. */
@Controller('health')
class ProbesController {
  constructor(private readonly health: AppHealth) {}

  @Get()
  @ApiOperation({ summary: 'Tell how the app is, in all detail' })
  @HealthAnswers()
  @Header('Cache-Control', 'no-store')
  @RouteConfig(QUIET)
  async all(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return withStatus(reply, await this.health.all());
  }

  @Get('live')
  @ApiOperation({ summary: 'Tell that the process lives' })
  @ApiOkResponse({ type: HealthReport })
  @Header('Cache-Control', 'no-store')
  @RouteConfig(QUIET)
  live(): HealthReport {
    return this.health.live();
  }

  @Get('ready')
  @ApiOperation({ summary: 'Tell whether requests may be sent here' })
  @HealthAnswers()
  @Header('Cache-Control', 'no-store')
  @RouteConfig(QUIET)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return withStatus(reply, await this.health.ready());
  }
}

function withStatus(reply: FastifyReply, health: HealthReport): HealthReport {
  void reply.status(health.status === 'up' ? 200 : 503);
  return health;
}

/** `/health`, `/health/live` and `/health/ready` for an app that has the backbone. */
@Module({})
export class HealthModule {
  static with(options: HealthOptions = {}): DynamicModule {
    return {
      module: HealthModule,
      controllers: [ProbesController],
      providers: [DatabaseHealth, AppHealth, { provide: HEALTH_OPTIONS, useValue: options }],
    };
  }
}
