import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { UserNotFound } from '../errors';
import { User } from '../user';

export class ReadUser extends Query<User> {
  constructor(readonly id: number) {
    super();
  }
}

@QueryHandler(ReadUser)
export class ReadUserHandler implements IQueryHandler<ReadUser> {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  async execute({ id }: ReadUser): Promise<User> {
    const user = await this.users.findOneBy({ id });
    if (!user) throw new UserNotFound(id);
    return user;
  }
}
