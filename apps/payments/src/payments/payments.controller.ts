import { beforeAnswer, type Page, Paged, PageQuery, ParseId, Problems, TakesNoKey } from '@magasin/hosting';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Card } from './card';
import { PaymentIsProcessed, ProcessPayment } from './commands/process-payment';
import { PaymentIsRequested, RequestPayment } from './commands/request-payment';
import { PaymentAmountDiffers, PaymentClosed, PaymentNotFound } from './errors';
import { PaymentView } from './payment';
import { ListPayments } from './queries/list-payments';
import { ReadPayment } from './queries/read-payment';
import { StoreCallback } from './store-callback';

const LOCATION = { Location: { description: 'Where the payment is read.', schema: { type: 'string' as const } } };

@Controller('payments')
export class PaymentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly store: StoreCallback,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Ask for the payment of an order' })
  @ApiCreatedResponse({ type: PaymentIsRequested, headers: LOCATION })
  @ApiOkResponse({ type: PaymentIsRequested, headers: LOCATION, description: 'The order has this payment already.' })
  @Problems(new PaymentAmountDiffers(7, 6, 205_949))
  async request(
    @Body() command: RequestPayment,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIsRequested> {
    const { is_new, ...requested } = await this.commands.execute(command);
    void reply.status(is_new ? 201 : 200).header('Location', `/payments/${requested.payment_id}`);
    return requested;
  }

  /** It takes no key: a payment is charged once anyway, and of the request nothing may be kept. */
  @Post('process/:id')
  @HttpCode(200)
  @TakesNoKey()
  @ApiOperation({ summary: 'Pay, by card', description: 'However often it is sent, the card is charged once.' })
  @ApiOkResponse({ type: PaymentIsProcessed })
  @Problems(new PaymentNotFound(6), new PaymentClosed(6, 'cancelled'))
  async process(
    @Param('id', ParseId) id: number,
    @Body() _card: Card,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentIsProcessed> {
    const { charged, ...processed } = await this.commands.execute(new ProcessPayment(id));
    if (charged && this.store.isWanted) beforeAnswer(reply, () => this.store.tellPaid(processed.order_id));
    return processed;
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a payment' })
  @ApiOkResponse({ type: PaymentView })
  @Problems(new PaymentNotFound(6))
  read(@Param('id', ParseId) id: number): Promise<PaymentView> {
    return this.queries.execute(new ReadPayment(id));
  }

  @Get()
  @ApiOperation({ summary: 'List the payments, by id' })
  @Paged(PaymentView)
  list(@Query() { limit, place }: PageQuery): Promise<Page<PaymentView>> {
    return this.queries.execute(new ListPayments(limit, place));
  }
}
