import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { UserType } from '../user';

export class ListUserTypes extends Query<UserType[]> {}

@QueryHandler(ListUserTypes)
export class ListUserTypesHandler implements IQueryHandler<ListUserTypes> {
  constructor(@InjectRepository(UserType) private readonly userTypes: Repository<UserType>) {}

  async execute(): Promise<UserType[]> {
    return this.userTypes.find({ order: { id: 'ASC' } });
  }
}
