import { IsEmail, IsInt, IsString, Length, MaxLength, Min } from 'class-validator';
import { DomainEvent, EventContract } from './domain-event';

/** What is said of a user, also after the user is gone: with it nobody has to call back. */
abstract class UserFact extends DomainEvent {
  @IsInt()
  @Min(1)
  id: number;

  @IsString()
  @Length(1, 100)
  name: string;

  @IsEmail()
  @MaxLength(150)
  email: string;

  /** 1 client, 2 employee, 3 manager. */
  @IsInt()
  @Min(1)
  user_type_id: number;
}

const declaration = { topic: 'user-events', schemaVersion: 1, stream: (user: UserFact) => `user-${user.id}` };

@EventContract({ ...declaration, summary: 'There is a new user.' })
export class UserCreated extends UserFact {}

@EventContract({ ...declaration, summary: 'The user is gone, with all that was known of him.' })
export class UserDeleted extends UserFact {}
