import { HtmlPage, ParseId } from '@magasin/hosting';
import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiNotFoundResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PaymentNotFound } from '../errors';
import { ReadPayment } from '../queries/read-payment';
import { LOOK, paymentPage } from './payment.page';

@Controller('payments/process')
export class PaymentPageController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id')
  @HtmlPage(LOOK)
  // What it says changes, and a browser that goes back must not show the form of what is paid.
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Show where to pay, for people', description: 'The link of a payment leads here.' })
  @ApiNotFoundResponse({
    description: 'There is no such payment, and the page says so.',
    content: { 'text/html': { schema: { type: 'string', example: '<!doctype html>' } } },
  })
  async show(@Param('id', ParseId) id: number, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const payment = await this.queries.execute(new ReadPayment(id)).catch((error: unknown) => {
      if (error instanceof PaymentNotFound) return undefined;
      throw error;
    });
    if (!payment) void reply.status(404);
    return paymentPage(payment);
  }
}
