export { User } from './user';
