import { PageQuery } from '@magasin/hosting';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString } from 'class-validator';
import type { EmailState } from '../emails';
import { STATES } from './states';

/** A form sends the fields that nobody filled in, too, and people paste with a blank. */
const Filled = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() || undefined : value));

/** What the form of the page asks for. It finds nothing for an event or a recipient that there is not. */
export class MailboxQuery extends PageQuery {
  @Filled()
  @IsOptional()
  @IsIn(Object.keys(STATES))
  @ApiProperty({ example: 'sent' })
  state?: EmailState;

  /** The id of the event that the e-mail comes from. */
  @Filled()
  @IsOptional()
  @IsString()
  @ApiProperty({ example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' })
  event?: string;

  /** The whole address. */
  @Filled()
  @IsOptional()
  @IsString()
  @ApiProperty({ example: 'grace@example.com' })
  recipient?: string;
}
