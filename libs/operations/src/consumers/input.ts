import { IsId, MayBeLeftOut } from '@magasin/hosting';
import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Length, Matches } from 'class-validator';
import { PersonInput } from '../person-input';

const CONSUMER = /^[a-z][a-z0-9@-]{0,63}$/;
const consumerMessage = { message: 'consumer must be the name of a consumer, such as coolriel' };

export interface Range {
  consumer: string;
  from: number;
  to: number;
  types?: string[];
}

/** A part of the log, for one consumer. */
export class DryRun implements Range {
  @Matches(CONSUMER, consumerMessage)
  @ApiProperty({ example: 'coolriel' })
  consumer: string;

  /** The first position. */
  @IsId()
  @ApiProperty({ example: 1 })
  from: number;

  /** The last position. */
  @IsId()
  @ApiProperty({ example: 12 })
  to: number;

  /** `["UserCreated"]`; all that the consumer handles when it is left out. */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  @ApiProperty({ example: ['UserCreated'] })
  types?: string[];
}

export class Replay extends IntersectionType(DryRun, PersonInput) {
  /** From the dry run: what was shown there is what is done. */
  @Matches(/^[0-9a-f]{32}$/, { message: 'token must be the token of a dry run' })
  @ApiProperty({ example: '0123456789abcdef0123456789abcdef' })
  token: string;
}

export class Rebuild extends PersonInput {
  @Matches(CONSUMER, consumerMessage)
  @ApiProperty({ example: 'coolriel' })
  consumer: string;
}
