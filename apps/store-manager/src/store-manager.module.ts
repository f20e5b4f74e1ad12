import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventsModule } from './events';
import { HealthController } from '@magasin/hosting';
import { HealthModule, type HealthOptions, MetricsModule } from '@magasin/operations';
import { UsersModule } from './users';

/** The store: what it can do is the list of its modules. */
@Module({})
export class StoreManagerModule {
  static with(backbone: Backbone, health?: HealthOptions): DynamicModule {
    return {
      module: StoreManagerModule,
      imports: [
        CqrsModule.forRoot(),
        EventBackboneModule.forRoot(backbone),
        MetricsModule,
        HealthModule.with(health),
        UsersModule,
        EventsModule,
      ],
      controllers: [HealthController],
    };
  }
}
