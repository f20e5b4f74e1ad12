import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
import { EmailDoubts } from './email-doubts';
import { EmailQueue } from './email-queue';
import { EmailRepair } from './email-repair';
import { EmailRepairController } from './email-repair.controller';
import { EmailsConsumer } from './emails.consumer';
import { EmailsController } from './emails.controller';
import { EmailsMetrics } from './emails.metrics';
import { ListEmails } from './list-emails';
import { EmailSender } from './sender';
import { emailsTables } from './tables';

@Module({
  imports: [EventBackboneModule.forFeature(emailsTables)],
  controllers: [EmailsController, EmailRepairController],
  providers: [EmailQueue, EmailSender, EmailsConsumer, EmailRepair, EmailDoubts, ListEmails, EmailsMetrics],
  exports: [ListEmails],
})
export class EmailsModule {}
