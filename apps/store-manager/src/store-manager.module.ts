import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { HealthController } from '@magasin/hosting';
import { OperationsModule, type OperationsOptions } from '@magasin/operations';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventsModule } from './events';
import { ProductsModule } from './products';
import { StocksModule } from './stocks';
import { UsersModule } from './users';

/** The store: what it can do is the list of its modules. */
@Module({
  imports: [CqrsModule.forRoot(), UsersModule, ProductsModule, StocksModule, EventsModule],
  controllers: [HealthController],
})
export class StoreManagerModule {
  static with(backbone: Backbone, operations?: OperationsOptions): DynamicModule {
    return {
      module: StoreManagerModule,
      imports: [EventBackboneModule.forShared(backbone), OperationsModule.with(operations)],
    };
  }
}
