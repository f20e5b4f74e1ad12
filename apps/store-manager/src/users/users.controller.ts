import { NextLink, type Page, PageQuery, ParseId } from '@magasin/hosting';
import { Body, Controller, Delete, Get, Param, Post, Query, Res, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { DeleteUser } from './commands/delete-user';
import { WriteUser } from './commands/write-user';
import { ListUserTypes } from './queries/list-user-types';
import { ListUsers } from './queries/list-users';
import { ReadUser } from './queries/read-user';
import type { User, UserType } from './user';

@Controller()
export class UsersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post('users')
  async write(
    @Body() command: WriteUser,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ user_id: number }> {
    const written = await this.commands.execute(command);
    void reply.header('Location', `/users/${written.user_id}`);
    return written;
  }

  @Get('users/:id')
  read(@Param('id', ParseId) id: number): Promise<User> {
    return this.queries.execute(new ReadUser(id));
  }

  @Delete('users/:id')
  delete(@Param('id', ParseId) id: number): Promise<{ deleted: true }> {
    return this.commands.execute(new DeleteUser(id));
  }

  @Get('users')
  @UseInterceptors(NextLink)
  list(@Query() { limit, place }: PageQuery): Promise<Page<User>> {
    return this.queries.execute(new ListUsers(limit, place));
  }

  @Get('user-types')
  listTypes(): Promise<UserType[]> {
    return this.queries.execute(new ListUserTypes());
  }
}
