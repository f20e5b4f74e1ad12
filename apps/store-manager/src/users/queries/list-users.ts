import { type Page, toPage } from '@magasin/hosting';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { User } from '../user';

export class ListUsers extends Query<Page<User>> {
  constructor(
    readonly limit: number,
    /** The last id of the page before. */
    readonly after = 0,
  ) {
    super();
  }
}

@QueryHandler(ListUsers)
export class ListUsersHandler implements IQueryHandler<ListUsers> {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  async execute({ limit, after }: ListUsers): Promise<Page<User>> {
    const users = await this.users.find({ where: { id: MoreThan(after) }, order: { id: 'ASC' }, take: limit + 1 });
    const page = users.slice(0, limit);
    return toPage(page, users.length > limit ? page[limit - 1].id : undefined);
  }
}
