import { CreateUsers1764000001000 } from './schema';
import { User, UserType } from './user';

export { UsersModule } from './users.module';
export const usersTables = { entities: [User, UserType], migrations: [CreateUsers1764000001000] };
