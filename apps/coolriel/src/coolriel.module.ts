import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { type DynamicModule, Module } from '@nestjs/common';
import { EmailsModule } from './emails';
import { HealthController } from '@magasin/hosting';
import { HealthModule, type HealthOptions, MetricsModule } from '@magasin/operations';
import { MailerModule } from './mailer';
import type { CoolrielSettings } from './settings';

/** The crier of the shop: tells people by e-mail what happened. */
@Module({})
export class CoolrielModule {
  static with(backbone: Backbone, settings: CoolrielSettings, health?: HealthOptions): DynamicModule {
    return {
      module: CoolrielModule,
      imports: [
        EventBackboneModule.forRoot(backbone),
        MetricsModule,
        HealthModule.with(health),
        MailerModule.with(settings),
        EmailsModule,
      ],
      controllers: [HealthController],
    };
  }
}
