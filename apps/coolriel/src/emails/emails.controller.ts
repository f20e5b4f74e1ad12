import { type Page, Paged, PageQuery, ParseId, Problems, toPage } from '@magasin/hosting';
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiProperty } from '@nestjs/swagger';
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

class EmailView {
  @ApiProperty({ type: 'integer', example: 1 })
  id: number;

  @ApiProperty({ example: 'welcome' })
  template: string;

  @ApiProperty({ example: 'grace@example.com' })
  recipient: string;

  @ApiProperty({ example: 'Bienvenue au Magasin du Coin, Grace Hopper' })
  subject: string;

  @ApiProperty({ enum: ['queued', 'sent'], example: 'sent' })
  state: EmailState;

  @ApiProperty({ type: 'integer', description: 'How often the mailer failed.', example: 0 })
  failures: number;

  @ApiProperty({ type: String, nullable: true, description: 'What the mailer said last.', example: null })
  error: string | null;

  @ApiProperty({ format: 'uuid', example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' })
  event_id: string;

  @ApiProperty({ format: 'date-time', example: '2026-11-23T16:00:41.495Z' })
  created_at: string;

  @ApiProperty({ type: String, nullable: true, format: 'date-time', example: '2026-11-23T16:00:41.520Z' })
  sent_at: string | null;
}

@Controller('emails')
export class EmailsController {
  constructor(@InjectRepository(Email) private readonly emails: Repository<Email>) {}

  /** The newest first. */
  @Get()
  @ApiOperation({ summary: 'List the e-mails, the newest first' })
  @Paged(EmailView)
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
  @ApiOperation({ summary: 'Read an e-mail as its reader sees it' })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string', example: '<!doctype html>…' } })
  @Problems(new EmailNotFound(7))
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
  async read(@Param('id', ParseId) id: number): Promise<string> {
    const email = await this.emails.findOne({ select: { html: true }, where: { id } });
    if (!email) throw new EmailNotFound(id);
    return email.html;
  }
}
