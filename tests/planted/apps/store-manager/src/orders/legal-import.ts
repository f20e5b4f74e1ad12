import { UsersModule } from '../users'; export const x = UsersModule;
