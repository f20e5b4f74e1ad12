import { beforeAnswer, type Page, Paged, PageQuery, ParseId, Problems } from '@magasin/hosting';
import { Body, Controller, Delete, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { StoreManagerSettings } from '../settings';
import { StockTooLow, UnknownProduct } from '../stocks';
import { AddOrder, OrderAdded } from './commands/add-order';
import { AskPayment } from './commands/ask-payment';
import { CancelOrder, OrderIsDeleted } from './commands/cancel-order';
import { OrderIsUpdated, UpdateOrder } from './commands/update-order';
import { OrderHasNoPayment, OrderNotFound, OrderStaysPaid, TotalTooLarge, UnknownUser } from './errors';
import { OrderView } from './order';
import { ListOrders } from './queries/list-orders';
import { ReadOrder } from './queries/read-order';

const LOCATION = { Location: { description: 'Where the order is read.', schema: { type: 'string' as const } } };

@Controller('orders')
export class OrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly settings: StoreManagerSettings,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Order products, and take them out of the stock' })
  @ApiCreatedResponse({ type: OrderAdded, headers: LOCATION })
  @Problems(
    new UnknownUser(9),
    new UnknownProduct({ product_id: 9, pointer: '#/items/0/product_id' }),
    new TotalTooLarge(),
    new StockTooLow([{ product_id: 3, asked: 3, available: 2 }]),
  )
  async add(@Body() command: AddOrder, @Res({ passthrough: true }) reply: FastifyReply): Promise<OrderAdded> {
    const added = await this.commands.execute(command);
    void reply.header('Location', `/orders/${added.order_id}`);
    if (this.settings.PAYMENTS_MODE === 'sync') {
      beforeAnswer(reply, () => this.commands.execute(new AskPayment(added.order_id)));
    }
    return added;
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read an order' })
  @ApiOkResponse({ type: OrderView })
  @Problems(new OrderNotFound(6))
  read(@Param('id', ParseId) id: number): Promise<OrderView> {
    return this.queries.execute(new ReadOrder(id));
  }

  @Put()
  @ApiOperation({
    summary: 'Note that an order is paid',
    description: 'Told by payments when the apps call each other. `is_paid` is never unset: delete the order for that.',
  })
  @ApiOkResponse({ type: OrderIsUpdated })
  @Problems(new OrderNotFound(6), new OrderStaysPaid(6), new OrderHasNoPayment(6))
  update(@Body() command: UpdateOrder): Promise<OrderIsUpdated> {
    return this.commands.execute(command);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Cancel an order, and put its products back into the stock' })
  @ApiOkResponse({ type: OrderIsDeleted })
  @Problems(new OrderNotFound(6, { deleted: false }))
  delete(@Param('id', ParseId) id: number): Promise<OrderIsDeleted> {
    return this.commands.execute(new CancelOrder(id));
  }

  @Get()
  @ApiOperation({ summary: 'List the orders, by id' })
  @Paged(OrderView)
  list(@Query() { limit, place }: PageQuery): Promise<Page<OrderView>> {
    return this.queries.execute(new ListOrders(limit, place));
  }
}
