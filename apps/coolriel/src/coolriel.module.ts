import { type Backbone, EventBackboneModule } from '@magasin/event-bus';
import { type DynamicModule, Module } from '@nestjs/common';
import { EmailsModule } from './emails';
import { HealthController } from '@magasin/hosting';
import { OperationsModule, type OperationsOptions } from '@magasin/operations';
import { MailboxModule } from './mailbox';
import { MailerModule } from './mailer';
import { PreviewsModule } from './previews';
import type { CoolrielSettings } from './settings';

/** The crier of the shop: tells people by e-mail what happened. */
@Module({})
export class CoolrielModule {
  static with(backbone: Backbone, settings: CoolrielSettings, operations?: OperationsOptions): DynamicModule {
    return {
      module: CoolrielModule,
      imports: [
        EventBackboneModule.forRoot(backbone),
        OperationsModule.with(operations),
        MailerModule.with(settings),
        EmailsModule,
        MailboxModule.with(EmailsModule, settings),
        PreviewsModule,
      ],
      controllers: [HealthController],
    };
  }
}
