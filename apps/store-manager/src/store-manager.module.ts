import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventsModule } from './events';
import { HealthController } from '@magasin/hosting';
import { OperationsModule, type OperationsOptions } from '@magasin/operations';
import { UsersModule } from './users';

/** The store: what it can do is the list of its modules. */
@Module({})
export class StoreManagerModule {
  static with(backbone: Backbone, operations?: OperationsOptions): DynamicModule {
    return {
      module: StoreManagerModule,
      imports: [
        CqrsModule.forRoot(),
        EventBackboneModule.forRoot(backbone),
        OperationsModule.with(operations),
        UsersModule,
        EventsModule,
      ],
      controllers: [HealthController],
    };
  }
}
