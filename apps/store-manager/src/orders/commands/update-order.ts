import { EventLog, forUpdate } from '@magasin/event-log';
import { IsId } from '@magasin/hosting';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { OrderHasNoPayment, OrderNotFound, OrderStaysPaid } from '../errors';
import { markPaid } from '../mark-paid';
import { Order } from '../order';

export class OrderIsUpdated {
  @ApiProperty({ enum: [true], example: true })
  updated: true;
}

/** How payments tells in `sync` that an order is paid. In `async`, and when this is lost, its event does. */
export class UpdateOrder extends Command<OrderIsUpdated> {
  @ApiProperty({ example: 1 })
  @IsId()
  order_id: number;

  @ApiProperty({ example: true })
  @IsBoolean()
  is_paid: boolean;
}

/** Says nothing new of an order that is as it is told; what is paid stays so. */
@CommandHandler(UpdateOrder)
export class UpdateOrderHandler implements ICommandHandler<UpdateOrder> {
  constructor(private readonly log: EventLog) {}

  async execute({ order_id, is_paid }: UpdateOrder): Promise<OrderIsUpdated> {
    return this.log.transaction(async (tx) => {
      const order = await tx.rows.findOne(Order, { where: { id: order_id }, ...forUpdate(tx.rows) });
      if (!order) throw new OrderNotFound(order_id);
      if (!is_paid && order.is_paid) throw new OrderStaysPaid(order_id);
      if (is_paid) {
        // Only a payment of its own amount confirms an order, so one that has none yet can not be paid by its word alone.
        if (order.payment_id === null) throw new OrderHasNoPayment(order_id);
        await markPaid(tx, order, order.payment_id);
      }
      return { updated: true };
    });
  }
}
