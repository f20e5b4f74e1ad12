import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { type DynamicModule, Module } from '@nestjs/common';
import { EmailsModule } from './emails';
import { HealthController } from '@magasin/hosting';
import { MailerModule } from './mailer';
import type { CoolrielSettings } from './settings';

/** The crier of the shop: tells people by e-mail what happened. */
@Module({ imports: [EmailsModule], controllers: [HealthController] })
export class CoolrielModule {
  static with(backbone: Backbone, settings: CoolrielSettings): DynamicModule {
    return {
      module: CoolrielModule,
      imports: [EventBackboneModule.forShared(backbone), MailerModule.with(settings)],
    };
  }
}
