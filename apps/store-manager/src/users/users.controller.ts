import { type Page, Paged, PageQuery, ParseId, Problems } from '@magasin/hosting';
import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DeleteUser, UserIsDeleted } from './commands/delete-user';
import { UserWritten, WriteUser } from './commands/write-user';
import { UnknownUserType, UserEmailTaken, UserNotFound } from './errors';
import { ListUserTypes } from './queries/list-user-types';
import { ListUsers } from './queries/list-users';
import { ReadUser } from './queries/read-user';
import { User, UserType } from './user';

const LOCATION = { Location: { description: 'Where the user is read.', schema: { type: 'string' as const } } };

@Controller()
export class UsersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('users')
  @ApiOperation({ summary: 'Write a user' })
  @ApiCreatedResponse({ type: UserWritten, headers: LOCATION })
  @Problems(new UserEmailTaken('grace@example.com'), new UnknownUserType(9))
  async write(@Body() command: WriteUser, @Res({ passthrough: true }) reply: FastifyReply): Promise<UserWritten> {
    const written = await this.commands.execute(command);
    void reply.header('Location', `/users/${written.user_id}`);
    return written;
  }

  @Get('users/:id')
  @ApiOperation({ summary: 'Read a user' })
  @ApiOkResponse({ type: User })
  @Problems(new UserNotFound(6))
  read(@Param('id', ParseId) id: number): Promise<User> {
    return this.queries.execute(new ReadUser(id));
  }

  @Delete('users/:id')
  @ApiOperation({ summary: 'Delete a user' })
  @ApiOkResponse({ type: UserIsDeleted })
  @Problems(new UserNotFound(6, { deleted: false }))
  delete(@Param('id', ParseId) id: number): Promise<UserIsDeleted> {
    return this.commands.execute(new DeleteUser(id));
  }

  @Get('users')
  @ApiOperation({ summary: 'List the users, by id' })
  @Paged(User)
  list(@Query() { limit, place }: PageQuery): Promise<Page<User>> {
    return this.queries.execute(new ListUsers(limit, place));
  }

  @Get('user-types')
  @ApiOperation({ summary: 'List the types of users' })
  @ApiOkResponse({ type: [UserType] })
  listTypes(): Promise<UserType[]> {
    return this.queries.execute(new ListUserTypes());
  }
}
