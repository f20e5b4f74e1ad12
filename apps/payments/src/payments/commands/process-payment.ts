import { PaymentReceived } from '@magasin/contracts';
import { EventLog } from '@magasin/event-log';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { PaymentClosed, PaymentNotFound } from '../errors';
import { factsOf, Payment } from '../payment';

export class PaymentIsProcessed {
  @ApiProperty({ type: 'integer', example: 7 })
  order_id: number;

  @ApiProperty({ type: 'integer', example: 6 })
  payment_id: number;

  @ApiProperty({ enum: [true], example: true })
  is_paid: true;
}

export interface Processed extends PaymentIsProcessed {
  /** False when it had been paid before: nothing was charged now. */
  charged: boolean;
}

/** Charges the card, once. The card itself is not in it: it was checked, and its data ends where it came in. */
export class ProcessPayment extends Command<Processed> {
  constructor(readonly id: number) {
    super();
  }
}

@CommandHandler(ProcessPayment)
export class ProcessPaymentHandler implements ICommandHandler<ProcessPayment> {
  constructor(private readonly log: EventLog) {}

  async execute({ id }: ProcessPayment): Promise<Processed> {
    return this.log.transaction(async (tx) => {
      // Of all who come at once, one finds it still open.
      const { affected } = await tx.rows.update(Payment, { id, state: 'requested' }, { state: 'paid' });
      const payment = await tx.rows.findOneBy(Payment, { id });
      if (!payment) throw new PaymentNotFound(id);
      if (payment.state !== 'paid') throw new PaymentClosed(id, payment.state);
      const charged = affected === 1;
      if (charged) tx.record(PaymentReceived.of(factsOf(payment)));
      return { order_id: payment.order_id, payment_id: id, is_paid: true, charged };
    });
  }
}
