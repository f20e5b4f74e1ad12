export { DeleteUser } from './commands/delete-user';
export { findUser } from './find-user';
export { type User } from './user';
export { type BeforeDeletion, UserDeletions } from './user-deletions';
export { UsersModule } from './users.module';
