import { Till } from '../../../apps/till/src';

export const known = Till;
