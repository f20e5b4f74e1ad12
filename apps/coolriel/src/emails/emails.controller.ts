import { NextLink, type Page, PageQuery, ParseId, toPage } from '@magasin/hosting';
import { Controller, Get, Header, Param, Query, UseInterceptors } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { LessThan, Repository } from 'typeorm';
import { Email, type EmailState } from './email';
import { EmailNotFound } from './errors';

class EmailsQuery extends PageQuery {
  @IsOptional()
  @IsIn(['queued', 'sent'])
  state?: EmailState;

  /** The id of the event that the e-mail comes from. */
  @IsOptional()
  @IsUUID()
  event?: string;
}

interface EmailView {
  id: number;
  template: string;
  recipient: string;
  subject: string;
  state: EmailState;
  failures: number;
  error: string | null;
  event_id: string;
  created_at: string;
  sent_at: string | null;
}

@Controller('emails')
export class EmailsController {
  constructor(@InjectRepository(Email) private readonly emails: Repository<Email>) {}

  /** The newest first. */
  @Get()
  @UseInterceptors(NextLink)
  async list(@Query() { limit, place, state, event }: EmailsQuery): Promise<Page<EmailView>> {
    const found = await this.emails.find({
      select: {
        id: true,
        template: true,
        recipient: true,
        subject: true,
        state: true,
        failures: true,
        error: true,
        event_id: true,
        created_at: true,
        sent_at: true,
      },
      where: {
        ...(state && { state }),
        ...(event && { event_id: event.toLowerCase() }),
        ...(place !== undefined && { id: LessThan(place) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const items = found.slice(0, limit).map((email) => ({
      ...email,
      created_at: new Date(email.created_at).toISOString(),
      sent_at: email.sent_at === null ? null : new Date(email.sent_at).toISOString(),
    }));
    return toPage(items, found.length > limit ? items[limit - 1].id : undefined);
  }

  /** The e-mail itself, as its reader sees it. */
  @Get(':id')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
  async read(@Param('id', ParseId) id: number): Promise<string> {
    const email = await this.emails.findOne({ select: { html: true }, where: { id } });
    if (!email) throw new EmailNotFound(id);
    return email.html;
  }
}
