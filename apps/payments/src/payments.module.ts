import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { HealthController, SettingsModule } from '@magasin/hosting';
import { OperationsModule, type OperationsOptions } from '@magasin/operations';
import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { OrderPaymentsModule } from './payments';
import { PaymentsSettings } from './settings';

/** Takes the money for the orders. */
@Module({ imports: [CqrsModule.forRoot(), OrderPaymentsModule], controllers: [HealthController] })
export class PaymentsModule {
  static with(backbone: Backbone, settings: PaymentsSettings, operations?: OperationsOptions): DynamicModule {
    return {
      module: PaymentsModule,
      imports: [
        EventBackboneModule.forShared(backbone),
        SettingsModule.of(PaymentsSettings, settings),
        OperationsModule.with(operations),
      ],
    };
  }
}
