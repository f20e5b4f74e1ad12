import { PaymentsModule } from '../../../apps/payments/src'; export const x = PaymentsModule;
