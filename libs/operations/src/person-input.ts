import type { Person } from '@magasin/event-bus';
import { IsLine } from '@magasin/hosting';

/** The part of every repair's body that says who asks for it and why: it goes into the audit. */
export class PersonInput implements Person {
  @IsLine(100)
  who: string;

  @IsLine(500)
  why: string;
}
