import { IsLink } from '@magasin/contracts';
import { callApp, IsId } from '@magasin/hosting';
import { Injectable, Logger } from '@nestjs/common';
import { validateSync } from 'class-validator';
import { StoreManagerSettings } from '../settings';
import type { PaymentOfOrder } from './confirm-order';

/** What payments is told of an order. */
export interface PaymentAsked {
  order_id: number;
  user_id: number | null;
  total_amount: string;
}

class SoundAnswer implements PaymentOfOrder {
  @IsId()
  payment_id: number;

  @IsLink()
  payment_link: string;
}

/**
 * Asks payments over HTTP, in `sync`. The events do the same work a moment later, so nothing depends on the answer: what
 * goes wrong here is noted, and no error.
 */
@Injectable()
export class PaymentsClient {
  private readonly logger = new Logger('payments-client');

  constructor(private readonly settings: StoreManagerSettings) {}

  /** Undefined when there was no sound answer in PAYMENTS_TIMEOUT seconds. */
  async ask(order: PaymentAsked): Promise<PaymentOfOrder | undefined> {
    const { PAYMENTS_URL, PAYMENTS_TIMEOUT } = this.settings;
    try {
      const call = { method: 'POST', path: '/payments', body: order, seconds: PAYMENTS_TIMEOUT } as const;
      const { status, text } = await callApp(PAYMENTS_URL, call);
      if (status !== 200 && status !== 201) throw new Error(`it answered ${status}`);
      return paymentIn(text);
    } catch (error) {
      const reason = (error as Error).message;
      this.logger.warn(`order ${order.order_id} waits for its event, ${PAYMENTS_URL} gave no payment: ${reason}`);
      return undefined;
    }
  }
}

/** @throws Error when it tells of no payment */
function paymentIn(text: string): PaymentOfOrder {
  const payment = Object.assign(new SoundAnswer(), JSON.parse(text));
  const [fault] = validateSync(payment).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  if (fault) throw new Error(fault);
  return payment;
}
