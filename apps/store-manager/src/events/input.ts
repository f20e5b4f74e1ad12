import { InvalidInput, PageQuery } from '@magasin/hosting';
import { Injectable, type PipeTransform } from '@nestjs/common';
import { IsIn, IsISO8601, IsOptional, IsString, Length } from 'class-validator';

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
  @IsISO8601({ strict: true })
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
