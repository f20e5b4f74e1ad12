import { EventLog, forUpdate } from '@magasin/event-log';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { cancelOrders } from '../cancel-orders';
import { OrderNotFound } from '../errors';
import { Order } from '../order';

export class OrderIsDeleted {
  @ApiProperty({ enum: [true], example: true })
  deleted: true;
}

export class CancelOrder extends Command<OrderIsDeleted> {
  constructor(readonly id: number) {
    super();
  }
}

@CommandHandler(CancelOrder)
export class CancelOrderHandler implements ICommandHandler<CancelOrder> {
  constructor(private readonly log: EventLog) {}

  async execute({ id }: CancelOrder): Promise<OrderIsDeleted> {
    return this.log.transaction(async (tx) => {
      const order = await tx.rows.findOne(Order, { where: { id }, ...forUpdate(tx.rows) });
      // With the member that clients of this route read.
      if (!order) throw new OrderNotFound(id, { deleted: false });
      await cancelOrders(tx, [order], 'request');
      return { deleted: true };
    });
  }
}
