import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { HealthController, SettingsModule } from '@magasin/hosting';
import { OperationsModule, type OperationsOptions } from '@magasin/operations';
import { type DynamicModule, Module } from '@nestjs/common';
import { EmailsModule } from './emails';
import { MailboxModule } from './mailbox';
import { MailerModule } from './mailer';
import { PreviewsModule } from './previews';
import { CoolrielSettings } from './settings';

/** The crier of the shop: tells people by e-mail what happened. */
@Module({ imports: [EmailsModule, MailboxModule, PreviewsModule, MailerModule], controllers: [HealthController] })
export class CoolrielModule {
  static with(backbone: Backbone, settings: CoolrielSettings, operations?: OperationsOptions): DynamicModule {
    return {
      module: CoolrielModule,
      imports: [
        EventBackboneModule.forShared(backbone),
        SettingsModule.of(CoolrielSettings, settings),
        OperationsModule.with(operations),
      ],
    };
  }
}
