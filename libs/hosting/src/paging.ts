import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Exclude, Transform } from 'class-transformer';
import { IsInt, IsOptional, isString, Max, Min, ValidateBy } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';

/** A page of a list. `nextCursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export class CursorQuery {
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

  /** The number in the cursor, undefined for the first page. Excluded, or a caller's `?place=1` is assigned to it. */
  @Exclude()
  get place(): number | undefined {
    return this.cursor === undefined ? undefined : toPlace(this.cursor);
  }
}

export const PAGE_LIMIT = 50;
export const LONGEST_PAGE = 500;

export class PageQuery extends CursorQuery {
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (/^\d{1,4}$/.test(String(value)) ? Number(value) : value))
  @IsInt()
  @Min(1)
  @Max(LONGEST_PAGE)
  limit = PAGE_LIMIT;
}

const toCursor = (place: number): string => Buffer.from(String(place)).toString('base64url');

/** Undefined when toCursor makes no such text: half a cursor must not be taken for the first page. */
function toPlace(cursor: string): number | undefined {
  const place = Number(Buffer.from(cursor, 'base64url').toString());
  return Number.isSafeInteger(place) && place >= 0 && toCursor(place) === cursor ? place : undefined;
}

export const toPage = <T>(items: T[], next: number | undefined): Page<T> => ({
  items,
  nextCursor: next === undefined ? null : toCursor(next),
});

/** Adds `Link: <…>; rel="next"` (RFC 8288) to a page that has a next one. */
@Injectable()
export class NextLink implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(
      tap((page: Partial<Page<unknown>>) => {
        // An answer that is no page, a file or a stream, has none.
        if (!page.nextCursor) return;
        const url = new URL(http.getRequest<FastifyRequest>().url, 'http://localhost');
        url.searchParams.set('cursor', page.nextCursor);
        void http.getResponse<FastifyReply>().header('Link', `<${url.pathname}${url.search}>; rel="next"`);
      }),
    );
  }
}
