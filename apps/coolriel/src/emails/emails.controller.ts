import { AuditEntry } from '@magasin/event-bus';
import { EventLog } from '@magasin/event-log';
import { type Page, Paged, PageQuery, ParseId, Problems, toPage } from '@magasin/hosting';
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiProperty } from '@nestjs/swagger';
import { InjectRepository } from '@nestjs/typeorm';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { Repository } from 'typeorm';
import { Email, EMAIL_STATES, type EmailState } from './email';
import { EmailAttempt } from './email-attempt';
import { EmailStory, EmailView, toIso, toView, VIEWED } from './email-view';
import { subjectOf } from './email-repair';
import { EmailNotFound } from './errors';
import { ListEmails } from './list-emails';
import { RecipientLine } from './recipient-line';

class EmailsQuery extends PageQuery {
  @ApiProperty({ example: 'sent' })
  @IsOptional()
  @IsIn(EMAIL_STATES)
  state?: EmailState;

  /** The id of the event that the e-mail comes from. */
  @ApiProperty({ example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' })
  @IsOptional()
  @IsUUID()
  event?: string;
}

@Controller('emails')
export class EmailsController {
  constructor(
    private readonly log: EventLog,
    private readonly lists: ListEmails,
    @InjectRepository(Email) private readonly emails: Repository<Email>,
    @InjectRepository(EmailAttempt) private readonly attempts: Repository<EmailAttempt>,
    @InjectRepository(RecipientLine) private readonly lines: Repository<RecipientLine>,
  ) {}

  /** The newest first. */
  @Get()
  @ApiOperation({ summary: 'List the e-mails, the newest first' })
  @Paged(EmailView)
  async list(@Query() query: EmailsQuery): Promise<Page<EmailView>> {
    const { items, next } = await this.lists.page(query);
    return toPage(items.map(toView), next);
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

  @Get(':id/attempts')
  @ApiOperation({ summary: 'Tell how it stands with an e-mail, with every attempt to send it' })
  @ApiOkResponse({ type: EmailStory })
  @Problems(new EmailNotFound(7))
  async story(@Param('id', ParseId) id: number): Promise<EmailStory> {
    const email = await this.emails.findOne({ select: VIEWED, where: { id } });
    if (!email) throw new EmailNotFound(id);
    const line = await this.lines.findOneBy({ recipient: email.recipient });
    const attempts = await this.attempts.find({ where: { email_id: id }, order: { id: 'DESC' }, take: 100 });
    const repairs = await this.log.reading.manager.find(AuditEntry, {
      where: { subject: subjectOf(id) },
      order: { id: 'ASC' },
    });
    return {
      ...toView(email),
      repairs: repairs.map(({ at, who, why, action }) => ({ at: toIso(at), who, why, action })),
      line_due_at: line && email.state === 'queued' ? toIso(line.due_at) : null,
      attempts: attempts.map(({ ended_at, reached, outcome, error }) => ({
        ended_at: toIso(ended_at),
        reached,
        outcome,
        error,
      })),
    };
  }
}
