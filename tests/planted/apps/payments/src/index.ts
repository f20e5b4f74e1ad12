export const PaymentsModule = 1;
