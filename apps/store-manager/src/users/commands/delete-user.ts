import { UserDeleted } from '@magasin/contracts';
import { EventLog } from '@magasin/event-log';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { UserNotFound } from '../errors';
import { User } from '../user';

export class UserIsDeleted {
  @ApiProperty({ enum: [true], example: true })
  deleted: true;
}

export class DeleteUser extends Command<UserIsDeleted> {
  constructor(readonly id: number) {
    super();
  }
}

@CommandHandler(DeleteUser)
export class DeleteUserHandler implements ICommandHandler<DeleteUser> {
  constructor(private readonly log: EventLog) {}

  async execute({ id }: DeleteUser): Promise<UserIsDeleted> {
    return this.log.transaction(async (tx) => {
      const user = await tx.rows.findOneBy(User, { id });
      // With the member that clients of this route read.
      if (!user) throw new UserNotFound(id, { deleted: false });
      const { name, email, user_type_id } = user;
      await tx.rows.delete(User, { id });
      tx.record(UserDeleted.of({ id, name, email, user_type_id }));
      return { deleted: true };
    });
  }
}
