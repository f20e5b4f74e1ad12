import { IsId, MayBeLeftOut, ParseId, Problems, TakesNoKey } from '@magasin/hosting';
import { PersonInput } from '@magasin/operations';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { IN_DOUBT, type InDoubt } from './email';
import { DoubtGroups, EmailDoubts } from './email-doubts';
import { EmailRepair, type Group } from './email-repair';
import { EmailCopied, EmailDecided, GroupQueued } from './email-repair.views';
import { EmailNotFound, EmailNotInDoubt, EmailNotSentYet, EmailResentAlready } from './errors';

class GroupInput extends PersonInput implements Group {
  @ApiProperty({ example: 'failed' })
  @IsIn(IN_DOUBT)
  state: InDoubt;

  /** The `last_id` of the group as it was seen: what comes later is not meant. */
  @ApiProperty({ example: 12 })
  @IsId()
  until: number;

  @ApiProperty({ example: '550 No such user here' })
  @MayBeLeftOut()
  @IsString()
  error?: string;
}

class DoubtsQuery {
  @ApiProperty({ example: 'failed' })
  @IsOptional()
  @IsIn(IN_DOUBT)
  state?: InDoubt;
}

const LOCATION = { Location: { description: 'Where the copy is read.', schema: { type: 'string' as const } } };

/** What a person can do about e-mails that are `failed` or `unknown`, or that are wanted once more. */
@Controller('admin/emails')
export class EmailRepairController {
  constructor(
    private readonly repair: EmailRepair,
    private readonly doubts: EmailDoubts,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List what waits for a person, by state and error' })
  @ApiOkResponse({ type: DoubtGroups })
  async list(@Query() { state }: DoubtsQuery): Promise<DoubtGroups> {
    return { items: await this.doubts.groups(state) };
  }

  @Post('send-again')
  @TakesNoKey()
  @ApiOperation({ summary: 'Send a group again, from its first try on' })
  @ApiOkResponse({ type: GroupQueued })
  @HttpCode(200)
  async sendGroupAgain(@Body() { who, why, ...group }: GroupInput): Promise<GroupQueued> {
    return { queued: await this.repair.sendGroupAgain(group, { who, why }) };
  }

  @Post(':id/send-again')
  @ApiOperation({ summary: 'Send an e-mail again, from its first try on' })
  @ApiOkResponse({ type: EmailDecided })
  @Problems(new EmailNotFound(7), new EmailNotInDoubt(7, 'queued'))
  @HttpCode(200)
  async sendAgain(@Param('id', ParseId) id: number, @Body() person: PersonInput): Promise<EmailDecided> {
    await this.repair.sendAgain(id, person);
    return { state: 'queued' };
  }

  @Post(':id/mark-sent')
  @ApiOperation({ summary: 'Note that an e-mail has arrived, and send nothing' })
  @ApiOkResponse({ type: EmailDecided })
  @Problems(new EmailNotFound(7), new EmailNotInDoubt(7, 'sent'))
  @HttpCode(200)
  async markSent(@Param('id', ParseId) id: number, @Body() person: PersonInput): Promise<EmailDecided> {
    await this.repair.markSent(id, person);
    return { state: 'sent' };
  }

  @Post(':id/resend')
  @ApiOperation({ summary: 'Send an e-mail once more, as a copy that is linked to it' })
  @ApiCreatedResponse({ type: EmailCopied, headers: LOCATION })
  @Problems(new EmailNotFound(7), new EmailNotSentYet(7, 'queued'), new EmailResentAlready(7, 9))
  async resend(
    @Param('id', ParseId) id: number,
    @Body() person: PersonInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EmailCopied> {
    const email_id = await this.repair.resend(id, person);
    void reply.header('Location', `/emails/${email_id}`);
    return { email_id };
  }
}
