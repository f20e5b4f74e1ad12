import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
import { DeleteUserHandler } from './commands/delete-user';
import { WriteUserHandler } from './commands/write-user';
import { ListUserTypesHandler } from './queries/list-user-types';
import { ListUsersHandler } from './queries/list-users';
import { ReadUserHandler } from './queries/read-user';
import { CreateUsers1764000001000 } from './schema';
import { User, UserType } from './user';
import { UserDeletions } from './user-deletions';
import { UsersController } from './users.controller';

@Module({
  imports: [EventBackboneModule.forFeature({ entities: [User, UserType], migrations: [CreateUsers1764000001000] })],
  controllers: [UsersController],
  providers: [
    WriteUserHandler,
    DeleteUserHandler,
    ReadUserHandler,
    ListUsersHandler,
    ListUserTypesHandler,
    UserDeletions,
  ],
  exports: [UserDeletions],
})
export class UsersModule {}
