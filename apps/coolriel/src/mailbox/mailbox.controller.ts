import { toPage } from '@magasin/hosting';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ListEmails } from '../emails';
import { CoolrielPage } from '../pages';
import { CoolrielSettings } from '../settings';
import { mailboxPage } from './mailbox.page';
import { MailboxQuery } from './mailbox-query';

@Controller('mailbox')
export class MailboxController {
  constructor(
    private readonly emails: ListEmails,
    private readonly settings: CoolrielSettings,
  ) {}

  @Get()
  @CoolrielPage()
  @ApiOperation({ summary: 'Show what went out, for people' })
  async show(@Query() query: MailboxQuery): Promise<string> {
    const { items, next } = await this.emails.page(query);
    return mailboxPage({ query, ...toPage(items, next), storeUrl: this.settings.STORE_URL.replace(/\/+$/, '') });
  }
}
