import { IsId, ParseId } from '@magasin/hosting';
import { PersonInput } from '@magasin/operations';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { IsIn, IsOptional, IsString } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { IN_DOUBT, type InDoubt } from './email';
import { type DoubtGroup, EmailDoubts } from './email-doubts';
import { EmailRepair, type Group } from './email-repair';

class GroupInput extends PersonInput implements Group {
  @IsIn(IN_DOUBT)
  state: InDoubt;

  /** The `last_id` of the group as it was seen: what comes later is not meant. */
  @IsId()
  until: number;

  @IsOptional()
  @IsString()
  error?: string;
}

class DoubtsQuery {
  @IsOptional()
  @IsIn(IN_DOUBT)
  state?: InDoubt;
}

/** What a person can do about e-mails that are `failed` or `unknown`, or that are wanted once more. */
@Controller('admin/emails')
export class EmailRepairController {
  constructor(
    private readonly repair: EmailRepair,
    private readonly doubts: EmailDoubts,
  ) {}

  @Get()
  async list(@Query() { state }: DoubtsQuery): Promise<{ items: DoubtGroup[] }> {
    return { items: await this.doubts.groups(state) };
  }

  @Post('send-again')
  @HttpCode(200)
  async sendGroupAgain(@Body() { who, why, ...group }: GroupInput): Promise<{ queued: number }> {
    return { queued: await this.repair.sendGroupAgain(group, { who, why }) };
  }

  @Post(':id/send-again')
  @HttpCode(200)
  async sendAgain(@Param('id', ParseId) id: number, @Body() person: PersonInput): Promise<{ state: 'queued' }> {
    await this.repair.sendAgain(id, person);
    return { state: 'queued' };
  }

  @Post(':id/mark-sent')
  @HttpCode(200)
  async markSent(@Param('id', ParseId) id: number, @Body() person: PersonInput): Promise<{ state: 'sent' }> {
    await this.repair.markSent(id, person);
    return { state: 'sent' };
  }

  @Post(':id/resend')
  async resend(
    @Param('id', ParseId) id: number,
    @Body() person: PersonInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ email_id: number }> {
    const email_id = await this.repair.resend(id, person);
    void reply.header('Location', `/emails/${email_id}`);
    return { email_id };
  }
}
