import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
import { Email } from './email';
import { EmailsConsumer } from './emails.consumer';
import { EmailsController } from './emails.controller';
import { CreateEmails1764000002000 } from './schema';
import { EmailSender } from './sender';

@Module({
  imports: [EventBackboneModule.forFeature({ entities: [Email], migrations: [CreateEmails1764000002000] })],
  controllers: [EmailsController],
  providers: [EmailSender, EmailsConsumer],
})
export class EmailsModule {}
