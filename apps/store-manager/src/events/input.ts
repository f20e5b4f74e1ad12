import { spanOf } from '@magasin/event-log';
import { CursorQuery, InvalidInput, PageQuery } from '@magasin/hosting';
import { applyDecorators, Injectable, type PipeTransform } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsInt, IsOptional, IsString, Length, Max, Min, ValidateBy } from 'class-validator';

/** A whole number in decimal digits: `1e3` and `0x10` stay text, and text is refused. */
const IsCount = (least: number): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (/^\d{1,15}$/.test(String(value)) ? Number(value) : value)),
    IsInt(),
    Min(least),
    Max(999_999_999_999_999),
  );

const IsMoment = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    ValidateBy({
      name: 'isMoment',
      validator: {
        validate: (value) => typeof value === 'string' && spanOf(value) !== undefined,
        defaultMessage: (it) =>
          `${it?.property} must be a day like 2026-11-23 (UTC) or a moment like 2026-11-23T16:00:41.491Z`,
      },
    }),
  );

/** Which events: those for which all that is given holds. */
export class EventsQuery extends CursorQuery {
  /** At most so many: 1 to 500 a page, 50 by default. A stream of lines ends after so many, and has no limit by default. */
  @IsCount(1)
  limit?: number;

  /** From the oldest to the newest, unless it is `desc`. */
  @IsIn(['asc', 'desc'])
  order: 'asc' | 'desc' = 'asc';

  /** `UserCreated`, or several: `UserCreated,UserDeleted`. */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => [value].flat().flatMap((text) => String(text).split(',')))
  @Length(1, 100, { each: true })
  @ArrayMaxSize(100)
  type?: string[];

  /** `user-events`: the types that are published there. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  topic?: string;

  /** `user-12`: the life of one thing. */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  stream?: string;

  /** Recorded at this moment or later, `2026-11-23T16:00:41.491Z`, or on this day or later, `2026-11-23` (UTC). */
  @IsMoment()
  from?: string;

  /** Recorded at this moment or before it, or on this day or before it. */
  @IsMoment()
  to?: string;

  /** Behind this position. */
  @IsCount(0)
  after?: number;
}

/** Up to where a stream is told. */
export class StreamQuery extends PageQuery {
  /** What had been recorded at this moment, or by the end of this day. Default: now. */
  @IsMoment()
  at?: string;

  /** Up to this version of the stream. */
  @IsCount(1)
  version?: number;
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
