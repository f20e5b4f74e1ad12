import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
import { ProcessPaymentHandler } from './commands/process-payment';
import { RequestPaymentHandler } from './commands/request-payment';
import { PaymentPageController } from './page/page.controller';
import { Payment } from './payment';
import { PaymentsConsumer } from './payments.consumer';
import { PaymentsController } from './payments.controller';
import { ListPaymentsHandler } from './queries/list-payments';
import { ReadPaymentHandler } from './queries/read-payment';
import { CreatePayments1764000002000 } from './schema';
import { ServiceController } from './service.controller';
import { StoreCallback } from './store-callback';

@Module({
  imports: [EventBackboneModule.forFeature({ entities: [Payment], migrations: [CreatePayments1764000002000] })],
  controllers: [ServiceController, PaymentsController, PaymentPageController],
  providers: [
    RequestPaymentHandler,
    ProcessPaymentHandler,
    ReadPaymentHandler,
    ListPaymentsHandler,
    PaymentsConsumer,
    StoreCallback,
  ],
})
export class OrderPaymentsModule {}
