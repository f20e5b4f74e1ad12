import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { HealthController, SettingsModule } from '@magasin/hosting';
import { OperationsModule, type OperationsOptions } from '@magasin/operations';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventsModule } from './events';
import { OrdersModule } from './orders';
import { ProductsModule } from './products';
import { ReportsModule } from './reports';
import { StoreManagerSettings } from './settings';
import { SlowModule } from './slow';
import { StocksModule } from './stocks';
import { UsersModule } from './users';

/** The store: what it can do is the list of its modules. */
@Module({
  imports: [
    CqrsModule.forRoot(),
    UsersModule,
    ProductsModule,
    StocksModule,
    OrdersModule,
    ReportsModule,
    EventsModule,
    SlowModule,
  ],
  controllers: [HealthController],
})
export class StoreManagerModule {
  static with(backbone: Backbone, settings: StoreManagerSettings, operations?: OperationsOptions): DynamicModule {
    return {
      module: StoreManagerModule,
      imports: [
        EventBackboneModule.forShared(backbone),
        SettingsModule.of(StoreManagerSettings, settings),
        OperationsModule.with(operations),
      ],
    };
  }
}
