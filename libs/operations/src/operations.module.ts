import { type DynamicModule, Module } from '@nestjs/common';
import { AdminModule, type AdminOptions } from './admin.module';
import type { HealthOptions } from './health';
import { HealthModule } from './health.module';
import { MetricsModule } from './metrics.module';

export interface OperationsOptions extends AdminOptions, HealthOptions {}

/** All that people need to run an app: `/health`, `/metrics`, `/admin`. Needs EventBackboneModule. */
@Module({})
export class OperationsModule {
  static with(options: OperationsOptions = {}): DynamicModule {
    return {
      module: OperationsModule,
      imports: [MetricsModule, HealthModule.with(options), AdminModule.with(options)],
    };
  }
}
