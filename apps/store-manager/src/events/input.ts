import { InvalidInput, PageQuery } from '@magasin/hosting';
import { Injectable, type PipeTransform } from '@nestjs/common';
import { IsIn, IsISO8601, IsOptional, IsString, Length, Matches } from 'class-validator';

/** Which events, from the oldest to the newest unless `order=desc`. */
export class EventsQuery extends PageQuery {
  @IsIn(['asc', 'desc'])
  order: 'asc' | 'desc' = 'asc';

  /** `UserCreated` */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  type?: string;

  /** `user-12`: the life of one thing. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  stream?: string;

  /** Recorded at this moment or later (or, with `order=desc`, before it), as `2026-11-23T16:00:41.491Z`. */
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'from must be in the calendar' })
  // ISO 8601 has forms that Date reads as another moment or as none: 2026-W48, 20261123, a time without its zone.
  @Matches(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/, {
    message: 'from must be a day like 2026-11-23 or a moment like 2026-11-23T16:00:41.491Z',
  })
  from?: string;
}

/** A position, or the UUID that consumers see as `ce_id`. */
@Injectable()
export class ParseEventKey implements PipeTransform<string, number | string> {
  transform(text: string): number | string {
    if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
    const detail = `${JSON.stringify(text)} is not an event's id: give its position (a whole number) or its UUID.`;
    throw new InvalidInput([{ detail, pointer: '#/id' }]);
  }
}
