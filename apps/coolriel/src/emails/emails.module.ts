import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Email } from './email';
import { EmailsConsumer } from './emails.consumer';
import { EmailsController } from './emails.controller';
import { EmailsMetrics } from './emails.metrics';
import { EmailSender } from './sender';

@Module({
  imports: [TypeOrmModule.forFeature([Email])],
  controllers: [EmailsController],
  providers: [EmailSender, EmailsConsumer, EmailsMetrics],
})
export class EmailsModule {}
