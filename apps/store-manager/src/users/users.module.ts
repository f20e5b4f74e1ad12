import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DeleteUserHandler } from './commands/delete-user';
import { WriteUserHandler } from './commands/write-user';
import { ListUserTypesHandler } from './queries/list-user-types';
import { ListUsersHandler } from './queries/list-users';
import { ReadUserHandler } from './queries/read-user';
import { User, UserType } from './user';
import { UsersController } from './users.controller';

@Module({
  imports: [TypeOrmModule.forFeature([User, UserType])],
  controllers: [UsersController],
  providers: [WriteUserHandler, DeleteUserHandler, ReadUserHandler, ListUsersHandler, ListUserTypesHandler],
})
export class UsersModule {}
