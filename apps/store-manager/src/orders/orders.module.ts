import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
import { ProductsModule } from '../products';
import { StocksModule } from '../stocks';
import { UserDeletions, UsersModule } from '../users';
import { cancelUnpaidOrdersOf } from './cancel-orders';
import { AddOrderHandler } from './commands/add-order';
import { AskPaymentHandler } from './commands/ask-payment';
import { CancelOrderHandler } from './commands/cancel-order';
import { UpdateOrderHandler } from './commands/update-order';
import { Order, OrderItem } from './order';
import { OrdersConsumer } from './orders.consumer';
import { OrdersController } from './orders.controller';
import { OrdersMetrics } from './orders.metrics';
import { PaymentsClient } from './payments-client';
import { ListOrdersHandler } from './queries/list-orders';
import { ReadOrderHandler } from './queries/read-order';
import { CreateOrders1764000001400 } from './schema';

const tables = { entities: [Order, OrderItem], migrations: [CreateOrders1764000001400] };

@Module({
  imports: [EventBackboneModule.forFeature(tables), UsersModule, ProductsModule, StocksModule],
  controllers: [OrdersController],
  providers: [
    AddOrderHandler,
    AskPaymentHandler,
    UpdateOrderHandler,
    CancelOrderHandler,
    ReadOrderHandler,
    ListOrdersHandler,
    OrdersConsumer,
    PaymentsClient,
    OrdersMetrics,
  ],
})
export class OrdersModule {
  constructor(deletions: UserDeletions) {
    deletions.before(cancelUnpaidOrdersOf);
  }
}
