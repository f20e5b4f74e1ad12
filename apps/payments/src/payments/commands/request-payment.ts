import { PaymentRequested, toCents } from '@magasin/contracts';
import { EventLog, isUniqueViolation, type UnitOfWork } from '@magasin/event-log';
import { IsId, IsPrice } from '@magasin/hosting';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { PaymentsSettings } from '../../settings';
import { PaymentAmountDiffers } from '../errors';
import { factsOf, linkOf, Payment } from '../payment';

export class PaymentIsRequested {
  @ApiProperty({ type: 'integer', example: 6 })
  payment_id: number;

  @ApiProperty({ example: 'http://localhost:5009/payments/process/6', description: 'Where a browser pays it.' })
  payment_link: string;
}

export interface Requested extends PaymentIsRequested {
  /** False when the order had its payment already. */
  is_new: boolean;
}

export class RequestPayment extends Command<Requested> {
  @ApiProperty({ example: 1 })
  @IsId()
  user_id: number;

  @ApiProperty({ example: 7 })
  @IsId()
  order_id: number;

  @ApiProperty({ example: 2059.49 })
  @IsPrice({ atMost: '9999999999.99' })
  total_amount: number | string;
}

@CommandHandler(RequestPayment)
export class RequestPaymentHandler implements ICommandHandler<RequestPayment> {
  constructor(
    private readonly log: EventLog,
    private readonly settings: PaymentsSettings,
  ) {}

  async execute({ user_id, order_id, total_amount }: RequestPayment): Promise<Requested> {
    const total_cents = toCents(total_amount)!;
    return this.log.transaction(async (tx) => {
      const { id, is_new } = await insertOrFind(tx, { order_id, user_id, total_cents });
      const payment_link = linkOf(this.settings.PAYMENT_LINK_BASE, id);
      if (is_new) {
        tx.record(PaymentRequested.of({ ...factsOf({ id, order_id, user_id, total_cents }), payment_link }));
      }
      return { payment_id: id, payment_link, is_new };
    });
  }
}

/** @throws PaymentAmountDiffers */
async function insertOrFind(
  tx: UnitOfWork,
  asked: Pick<Payment, 'order_id' | 'user_id' | 'total_cents'>,
): Promise<{ id: number; is_new: boolean }> {
  try {
    const inserted = await tx.rows.insert(Payment, { ...asked, state: 'requested', created_at: Date.now() });
    return { ...(inserted.identifiers[0] as { id: number }), is_new: true };
  } catch (error) {
    // The table is the judge: a look beforehand would let two callers at once through.
    if (!isUniqueViolation(error)) throw error;
  }
  const { id, order_id, total_cents } = await tx.rows.findOneByOrFail(Payment, { order_id: asked.order_id });
  if (total_cents !== asked.total_cents) throw new PaymentAmountDiffers(order_id, id, total_cents);
  return { id, is_new: false };
}
