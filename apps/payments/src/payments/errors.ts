import { toAmount } from '@magasin/contracts';
import { Problem } from '@magasin/hosting';
import type { PaymentState } from './payment';

export class PaymentNotFound extends Problem {
  readonly status = 404;

  constructor(id: number) {
    super(`There is no payment ${id}.`);
  }
}

export class PaymentAmountDiffers extends Problem {
  readonly status = 409;

  constructor(order_id: number, payment_id: number, cents: number) {
    super(`The order ${order_id} has the payment ${payment_id} of ${toAmount(cents)}. An order has one payment.`, {
      payment_id,
    });
  }
}

export class PaymentClosed extends Problem {
  readonly status = 409;

  constructor(id: number, state: PaymentState) {
    super(`The payment ${id} is ${state}. It can not be paid any more, and no card was charged.`, { state });
  }
}
