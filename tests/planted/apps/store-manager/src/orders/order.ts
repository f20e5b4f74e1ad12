import { Entity } from 'typeorm';
import { User } from '../users';
import { StoreManagerSettings } from '../settings';

@Entity('orders')
export class Order {
  user: User;
  settings: StoreManagerSettings;
}
