import { stocks } from '../stocks'; export const products = () => stocks;
