import { UserDeleted } from '@magasin/contracts';
import { EventLog, forUpdate } from '@magasin/event-log';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { UserNotFound } from '../errors';
import { User } from '../user';
import { UserDeletions } from '../user-deletions';

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
  constructor(
    private readonly log: EventLog,
    private readonly deletions: UserDeletions,
  ) {}

  async execute({ id }: DeleteUser): Promise<UserIsDeleted> {
    return this.log.transaction(async (tx) => {
      // Locked first: an order of his that is being made is waited for, and cancelled with the others.
      const user = await tx.rows.findOne(User, { where: { id }, ...forUpdate(tx.rows) });
      // With the member that clients of this route read.
      if (!user) throw new UserNotFound(id, { deleted: false });
      await this.deletions.prepare(tx, user);
      const { name, email, user_type_id } = user;
      await tx.rows.delete(User, { id });
      tx.record(UserDeleted.of({ id, name, email, user_type_id }));
      return { deleted: true };
    });
  }
}
