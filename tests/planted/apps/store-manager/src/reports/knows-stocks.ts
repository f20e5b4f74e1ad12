import { Stock } from '../stocks';

export const known = Stock;
