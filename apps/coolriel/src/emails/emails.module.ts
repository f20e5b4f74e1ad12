import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Email } from './email';
import { EmailsConsumer } from './emails.consumer';
import { EmailsController } from './emails.controller';
import { EmailsMetrics } from './emails.metrics';
import { ListEmails } from './list-emails';
import { EmailSender } from './sender';

@Module({
  imports: [TypeOrmModule.forFeature([Email])],
  controllers: [EmailsController],
  providers: [EmailSender, EmailsConsumer, ListEmails, EmailsMetrics],
  exports: [ListEmails],
})
export class EmailsModule {}
