import { User } from '../users/user'; export const x = User;
