import { Order } from './orders';
import { User } from './users';

export class StoreManagerModule {
  readonly composed = [User, Order];
}
