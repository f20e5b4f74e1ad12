import { UserCreated } from '@magasin/contracts';
import { EventLog, isForeignKeyViolation, isUniqueViolation } from '@magasin/event-log';
import { IsId, IsLine, IsMailAddress } from '@magasin/hosting';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { ApiProperty } from '@nestjs/swagger';
import { UnknownUserType, UserEmailTaken } from '../errors';
import { User } from '../user';

export class UserWritten {
  @ApiProperty({ type: 'integer', example: 6 })
  user_id: number;
}

export class WriteUser extends Command<UserWritten> {
  @ApiProperty({ example: 'Grace Hopper' })
  @IsLine(100)
  name: string;

  @ApiProperty({ example: 'grace@example.com' })
  @IsMailAddress(150)
  email: string;

  /** A client, when the caller does not say. */
  @ApiProperty({ description: '1 client, 2 employee, 3 manager.', example: 1 })
  @IsId()
  user_type_id = 1;
}

@CommandHandler(WriteUser)
export class WriteUserHandler implements ICommandHandler<WriteUser> {
  constructor(private readonly log: EventLog) {}

  async execute({ name, email, user_type_id }: WriteUser): Promise<UserWritten> {
    return this.log.transaction(async (tx) => {
      const user = await tx.rows.insert(User, { name, email, user_type_id }).catch((error: unknown) => {
        // The table is the judge: a look beforehand would let two callers at once through.
        if (isUniqueViolation(error)) throw new UserEmailTaken(email);
        if (isForeignKeyViolation(error)) throw new UnknownUserType(user_type_id);
        throw error;
      });
      const { id } = user.identifiers[0] as { id: number };
      tx.record(UserCreated.of({ id, name, email, user_type_id }));
      return { user_id: id };
    });
  }
}
