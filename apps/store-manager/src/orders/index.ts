export { AddOrder } from './commands/add-order';
export { CancelOrder } from './commands/cancel-order';
export { OrdersModule } from './orders.module';
