export { PaymentsModule } from './payments.module';
export { PaymentsSettings } from './settings';
