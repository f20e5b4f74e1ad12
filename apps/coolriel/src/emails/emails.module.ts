import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
import { Email } from './email';
import { EmailAttempt } from './email-attempt';
import { EmailDoubts } from './email-doubts';
import { EmailQueue } from './email-queue';
import { EmailRepair } from './email-repair';
import { EmailRepairController } from './email-repair.controller';
import { EmailsConsumer } from './emails.consumer';
import { EmailsController } from './emails.controller';
import { EmailsMetrics } from './emails.metrics';
import { ListEmails } from './list-emails';
import { RecipientLine } from './recipient-line';
import { CreateEmails1764000002000 } from './schema';
import { EmailSender } from './sender';

@Module({
  imports: [
    EventBackboneModule.forFeature({
      entities: [Email, EmailAttempt, RecipientLine],
      migrations: [CreateEmails1764000002000],
    }),
  ],
  controllers: [EmailsController, EmailRepairController],
  providers: [EmailQueue, EmailSender, EmailsConsumer, EmailRepair, EmailDoubts, ListEmails, EmailsMetrics],
  exports: [ListEmails],
})
export class EmailsModule {}
