import { IsLine } from '@magasin/hosting';
import {
  IsHexadecimal,
  IsInt,
  IsObject,
  IsOptional,
  isString,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import { Type } from 'class-transformer';
import { PersonInput } from '../person-input';
import { toPlace } from './place';

const CONSUMER = /^[a-z][a-z0-9@-]{0,99}$/;
const consumerMessage = { message: 'consumer must be the name of a consumer, such as coolriel' };

export class GroupsQuery {
  @IsOptional()
  @Matches(CONSUMER, consumerMessage)
  consumer?: string;
}

export class StreamsQuery {
  @Matches(CONSUMER, consumerMessage)
  consumer: string;

  @IsHexadecimal()
  @Length(16, 16)
  error_key: string;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;

  /** Take it from `nextCursor`: it is not for reading. */
  @IsOptional()
  @ValidateBy({
    name: 'isCursor',
    validator: {
      validate: (value) => isString(value) && toPlace(value) !== undefined,
      defaultMessage: () => 'cursor must be the nextCursor of a page',
    },
  })
  cursor?: string;
}

/** Which parked stream. */
export class StreamQuery {
  @Matches(CONSUMER, consumerMessage)
  consumer: string;

  @IsLine(100)
  stream: string;

  /** The log that it comes from; the one of this database when it is left out. */
  @IsOptional()
  @IsLine(100)
  source?: string;
}

export class RetryStream extends PersonInput implements StreamQuery {
  @Matches(CONSUMER, consumerMessage)
  consumer: string;

  @IsLine(100)
  stream: string;

  @IsOptional()
  @IsLine(100)
  source?: string;
}

export class SkipEvent extends RetryStream {
  /** The position of the first event of the stream, as you saw it. */
  @IsInt()
  @Min(1)
  position: number;
}

export class EditEvent extends SkipEvent {
  /** As you saw it: 0 unless the event has been edited. */
  @IsInt()
  @Min(0)
  revision: number;

  /** The whole event, as its consumer is to read it. */
  @IsObject()
  data: Record<string, unknown>;
}

export class RetryGroup extends PersonInput {
  @Matches(CONSUMER, consumerMessage)
  consumer: string;

  @IsHexadecimal()
  @Length(16, 16)
  error_key: string;

  /**
   * Only streams that failed at this moment or before, in milliseconds since 1970. Leave it out the first time, and give
   * back what the answer says until there is no more.
   */
  @IsOptional()
  @IsInt()
  @Min(0)
  until?: number;
}
