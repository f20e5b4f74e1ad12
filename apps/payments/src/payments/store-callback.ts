import { callApp } from '@magasin/hosting';
import { Injectable, Logger } from '@nestjs/common';
import { PaymentsSettings } from '../settings';

/** The short way to the store, in `sync`: it learns of the money before the payer is answered. The event comes anyway. */
@Injectable()
export class StoreCallback {
  private readonly logger = new Logger('payments');

  constructor(private readonly settings: PaymentsSettings) {}

  get isWanted(): boolean {
    return this.settings.PAYMENTS_MODE === 'sync';
  }

  /** Takes at most PAYMENTS_TIMEOUT seconds, and never fails: what goes wrong is a line in the log. */
  async tellPaid(order_id: number): Promise<void> {
    const { STORE_API_URL, PAYMENTS_TIMEOUT } = this.settings;
    const body = { order_id, is_paid: true };
    try {
      const call = { method: 'PUT', path: '/orders', body, seconds: PAYMENTS_TIMEOUT } as const;
      const { status, text } = await callApp(STORE_API_URL, call);
      if (status !== 200) throw new Error(`it answered ${status}`);
      if (!saysUpdated(text)) throw new Error('it answered 200, but not {"updated":true}');
    } catch (error) {
      const why = (error as Error).message;
      this.logger.warn(`The store was not told that order ${order_id} is paid: ${why}. The event tells it.`);
    }
  }
}

function saysUpdated(answer: string): boolean {
  try {
    return (JSON.parse(answer) as { updated?: unknown } | null)?.updated === true;
  } catch {
    return false;
  }
}
