import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';

/** A page of a list. `nextCursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export class PageQuery {
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (/^\d{1,4}$/.test(String(value)) ? Number(value) : value))
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;

  /** Take it from `nextCursor`: it is not for reading. */
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{1,32}$/, { message: 'cursor must be the nextCursor of a page' })
  cursor?: string;

  /** The number in the cursor, undefined for the first page. A cursor of our form that we never gave is just a place. */
  get place(): number | undefined {
    if (this.cursor === undefined) return undefined;
    const place = Number(Buffer.from(this.cursor, 'base64url').toString());
    return Number.isSafeInteger(place) ? place : 0;
  }
}

export const toPage = <T>(items: T[], next: number | undefined): Page<T> => ({
  items,
  nextCursor: next === undefined ? null : Buffer.from(String(next)).toString('base64url'),
});

/** Adds `Link: <…>; rel="next"` (RFC 8288) to a page that has a next one. */
@Injectable()
export class NextLink implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(
      tap((page: Page<unknown>) => {
        if (page.nextCursor === null) return;
        const url = new URL(http.getRequest<FastifyRequest>().url, 'http://localhost');
        url.searchParams.set('cursor', page.nextCursor);
        void http.getResponse<FastifyReply>().header('Link', `<${url.pathname}${url.search}>; rel="next"`);
      }),
    );
  }
}
