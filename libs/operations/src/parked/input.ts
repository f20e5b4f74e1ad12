import { IsLine, MayBeLeftOut } from '@magasin/hosting';
import { IsInt, IsObject, IsOptional, isString, Matches, Max, Min, ValidateBy } from 'class-validator';
import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { PersonInput } from '../person-input';
import { toPlace } from './place';

const CONSUMER = /^[a-z][a-z0-9@-]{0,99}$/;
const consumerMessage = { message: 'consumer must be the name of a consumer, such as coolriel' };

export class GroupsQuery {
  @IsOptional()
  @Matches(CONSUMER, consumerMessage)
  @ApiProperty({ example: 'coolriel' })
  consumer?: string;
}

export class StreamsQuery {
  @Matches(CONSUMER, consumerMessage)
  @ApiProperty({ example: 'coolriel' })
  consumer: string;

  @Matches(/^[0-9a-f]{16}$/, { message: 'error_key must be the error_key of a group' })
  @ApiProperty({ example: '0a1b2c3d4e5f6071' })
  error_key: string;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  @ApiProperty({ example: 50 })
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
  @ApiProperty({ example: 'NTA' })
  cursor?: string;
}

/** Which parked stream. */
export class StreamQuery {
  @Matches(CONSUMER, consumerMessage)
  @ApiProperty({ example: 'coolriel' })
  consumer: string;

  @IsLine(100)
  @ApiProperty({ example: 'user-6' })
  stream: string;

  /** The log that it comes from; the one of this database when it is left out. */
  @MayBeLeftOut()
  @IsLine(100)
  @ApiProperty({ example: '5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a' })
  source?: string;
}

export class RetryStream extends IntersectionType(StreamQuery, PersonInput) {}

export class SkipEvent extends RetryStream {
  /** The position of the first event of the stream, as you saw it. */
  @IsInt()
  @Min(1)
  @ApiProperty({ example: 7 })
  position: number;
}

export class EditEvent extends SkipEvent {
  /** As you saw it: 0 unless the event has been edited. */
  @IsInt()
  @Min(0)
  @ApiProperty({ example: 0 })
  revision: number;

  /** The whole event, as its consumer is to read it. */
  @IsObject()
  @ApiProperty({ example: { event: 'UserCreated', id: 6 } })
  data: Record<string, unknown>;
}

export class RetryGroup extends PersonInput {
  @Matches(CONSUMER, consumerMessage)
  @ApiProperty({ example: 'coolriel' })
  consumer: string;

  @Matches(/^[0-9a-f]{16}$/, { message: 'error_key must be the error_key of a group' })
  @ApiProperty({ example: '0a1b2c3d4e5f6071' })
  error_key: string;

  /**
   * Only streams that failed at this moment or before, in milliseconds since 1970. Leave it out the first time, and give
   * back what the answer says until there is no more.
   */
  @MayBeLeftOut()
  @IsInt()
  @Min(0)
  @ApiProperty({ example: 1_764_000_000_000 })
  until?: number;
}
