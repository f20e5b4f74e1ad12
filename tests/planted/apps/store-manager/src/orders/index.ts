export { Order } from './order';
