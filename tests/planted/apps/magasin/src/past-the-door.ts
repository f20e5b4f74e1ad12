import { main } from '../../payments/src/main'; export const x = main;
