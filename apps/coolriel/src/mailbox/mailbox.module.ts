import { Module } from '@nestjs/common';
import { EmailsModule } from '../emails';
import { MailboxController } from './mailbox.controller';

/** What went out, for people: each e-mail with how it went and the event that it comes from. */
@Module({ imports: [EmailsModule], controllers: [MailboxController] })
export class MailboxModule {}
