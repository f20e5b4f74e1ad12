import { User } from '../../store-manager/src/users';

export const seen = User;
