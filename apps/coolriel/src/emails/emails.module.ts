import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { CoolrielSettings } from '../settings';
import { EmailDoubts } from './email-doubts';
import { EmailQueue } from './email-queue';
import { EmailRepair } from './email-repair';
import { EmailRepairController } from './email-repair.controller';
import { EmailsConsumer } from './emails.consumer';
import { EmailsController } from './emails.controller';
import { EmailsMetrics } from './emails.metrics';
import { ListEmails } from './list-emails';
import { EmailSender, SenderOptions } from './sender';
import { emailEntities } from './tables';

@Module({})
export class EmailsModule {
  static with({ MAIL_TRIES }: CoolrielSettings): DynamicModule {
    const options = { provide: SenderOptions, useValue: { limit: MAIL_TRIES } satisfies SenderOptions };
    return {
      module: EmailsModule,
      imports: [TypeOrmModule.forFeature(emailEntities)],
      controllers: [EmailsController, EmailRepairController],
      providers: [
        options,
        EmailQueue,
        EmailSender,
        EmailsConsumer,
        EmailRepair,
        EmailDoubts,
        ListEmails,
        EmailsMetrics,
      ],
      exports: [ListEmails],
    };
  }
}
