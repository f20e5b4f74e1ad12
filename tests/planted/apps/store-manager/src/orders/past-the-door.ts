import type { User } from '../users/user';

export type Buyer = User;
