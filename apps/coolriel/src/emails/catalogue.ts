import type { EmailDeclaration } from './email-declaration';
import { goodbye } from './goodbye/goodbye.email';
import { orderCancellation } from './order-cancellation/order-cancellation.email';
import { orderConfirmation } from './order-confirmation/order-confirmation.email';
import { paymentReceipt } from './payment-receipt/payment-receipt.email';
import { refund } from './refund/refund.email';
import { welcome } from './welcome/welcome.email';

/** Every e-mail that coolriel sends. */
export const catalogue: EmailDeclaration[] = [
  welcome,
  goodbye,
  orderConfirmation,
  paymentReceipt,
  orderCancellation,
  refund,
];
