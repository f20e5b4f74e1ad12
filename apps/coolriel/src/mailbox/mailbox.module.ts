import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { CoolrielSettings } from '../settings';
import { MailboxController } from './mailbox.controller';

/** What went out, for people: each e-mail with how it went and the event that it comes from. */
@Module({})
export class MailboxModule {
  /** @param emails the app's own module of e-mails: another one would send them a second time. */
  static with(emails: DynamicModule | Type, settings: CoolrielSettings): DynamicModule {
    return {
      module: MailboxModule,
      imports: [emails],
      controllers: [MailboxController],
      providers: [{ provide: CoolrielSettings, useValue: settings }],
    };
  }
}
