import type { Person } from '@magasin/event-bus';
import { IsLine } from '@magasin/hosting';
import { ApiProperty } from '@nestjs/swagger';

/** The part of every repair's body that says who asks for it and why: it goes into the audit. */
export class PersonInput implements Person {
  @IsLine(100)
  @ApiProperty({ example: 'Jane Doe' })
  who: string;

  @IsLine(500)
  @ApiProperty({ example: 'The customer called.' })
  why: string;
}
