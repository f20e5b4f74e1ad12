import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { LogUnavailable } from '@magasin/event-log';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface FieldError {
  /** What is wrong, in a sentence that a person can act on. */
  detail: string;
  /** Where, as the fragment form of a JSON pointer: `#/items/0/quantity`. */
  pointer: string;
}

/**
 * A rule that a request broke. One subclass for each rule, named as the rule is broken (`UserEmailTaken`): the name
 * makes the problem's type, so it is part of the API.
 */
export abstract class Problem extends Error {
  abstract readonly status: number;

  /** @param members further members of the problem document */
  constructor(
    message: string,
    readonly members: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export class InvalidInput extends Problem {
  readonly status = 400;

  constructor(errors: FieldError[]) {
    super(errors.map(({ detail }) => detail).join('; '), { errors });
  }
}

interface Answer {
  status: number;
  title: string;
  detail: string;
  type?: string;
  members?: Record<string, unknown>;
}

/** Makes of every error an RFC 9457 problem document. Nothing of the inside (stack, SQL) leaves the process. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { status, title, detail, type, members } = this.translate(error, request);
    if (status === 503) void reply.header('Retry-After', '1');
    void reply
      .status(status)
      .header('Content-Type', 'application/problem+json; charset=utf-8')
      .header('Content-Language', 'en')
      .send({
        type: type ?? 'about:blank',
        title,
        status,
        detail,
        instance: request.url.split('?')[0],
        // The member that clients of the system before this one read.
        error: detail,
        ...members,
      });
  }

  private translate(error: unknown, request: FastifyRequest): Answer {
    if (error instanceof Problem) {
      const { status, message, members } = error;
      return { status, ...typeAndTitle(error), detail: message, members };
    }
    if (error instanceof LogUnavailable) {
      return { status: 503, ...typeAndTitle(error), detail: 'Nothing was changed. Try again in a moment.' };
    }
    const { status, detail } = httpError(error);
    // A broken status leaves as 200 otherwise.
    if (status >= 400 && status < 500) return { status, title: STATUS_CODES[status] ?? 'Error', detail };
    this.logger.error(`${request.method} ${request.routeOptions.url}: ${(error as Error)?.stack ?? String(error)}`);
    return { status: 500, title: STATUS_CODES[500]!, detail: 'The server failed to answer. It was noted.' };
  }
}

/** What Nest or Fastify refused before a controller was reached. */
function httpError(error: unknown): { status: number; detail: string } {
  if (error instanceof HttpException) return { status: error.getStatus(), detail: error.message };
  const { statusCode, message } = (error ?? {}) as { statusCode?: number; message?: string };
  return { status: statusCode ?? 500, detail: message ?? 'The request was refused.' };
}

/** UserEmailTaken → urn:magasin:user-email-taken, "User email taken". */
function typeAndTitle(error: Error): { type: string; title: string } {
  const words = error.constructor.name.replaceAll(/(?!^)([A-Z])/g, ' $1').toLowerCase();
  return { type: `urn:magasin:${words.replaceAll(' ', '-')}`, title: words[0].toUpperCase() + words.slice(1) };
}
