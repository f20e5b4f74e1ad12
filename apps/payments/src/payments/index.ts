export { OrderPaymentsModule } from './order-payments.module';
