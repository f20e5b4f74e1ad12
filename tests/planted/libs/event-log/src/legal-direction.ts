import { UserCreated } from '../../contracts/src'; export const x = UserCreated;
