import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventsModule } from './events';
import { HealthController } from '@magasin/hosting';
import { AdminModule, type AdminOptions } from '@magasin/operations';
import { UsersModule } from './users';

/** The store: what it can do is the list of its modules. */
@Module({})
export class StoreManagerModule {
  static with(backbone: Backbone, admin: AdminOptions): DynamicModule {
    return {
      module: StoreManagerModule,
      imports: [
        CqrsModule.forRoot(),
        EventBackboneModule.forRoot(backbone),
        UsersModule,
        EventsModule,
        AdminModule.with(admin),
      ],
      controllers: [HealthController],
    };
  }
}
