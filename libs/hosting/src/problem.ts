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
  /** Further headers of the answer. */
  readonly headers: Record<string, string> = {};

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
    super(inWords(errors), { errors });
  }
}

/** As many as a person reads in a sentence; `errors` has all of them. */
const TOLD = 10;

function inWords(errors: FieldError[]): string {
  // In a list the same is often wrong with each.
  const details = [...new Set(errors.map(({ detail }) => detail))];
  const more = details.length - TOLD;
  return [...details.slice(0, TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** An RFC 9457 problem document, and the headers that go with it. */
export interface Refusal {
  document: { type: string; title: string; status: number; detail: string; instance: string; error: string };
  headers: Record<string, string>;
}

export const PROBLEM_HEADERS = {
  'Content-Type': 'application/problem+json; charset=utf-8',
  'Content-Language': 'en',
};

/** On a reply that is held back, and perhaps never sent: what is to be noted when it is. */
export const HELD_NOTES = Symbol('held notes');

/** Makes of every error an RFC 9457 problem document. Nothing of the inside (stack, SQL) leaves the process. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  note(fault: string): void {
    this.logger.error(fault);
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const { document, headers } = refusalOf(error, pathOf(request));
    if (document.status === 500) {
      const note = `${request.method} ${request.routeOptions.url}: ${(error as Error)?.stack ?? String(error)}`;
      const { [HELD_NOTES]: held } = reply as { [HELD_NOTES]?: string[] };
      if (held) held.push(note);
      else this.note(note);
    }
    // Fastify would close the connection after a body that is too large, and who is still writing it would find it broken
    // instead of this answer. Node reads past the rest, for as long as a request may take.
    void reply
      .removeHeader('Connection')
      .status(document.status)
      .headers({ ...headers, ...PROBLEM_HEADERS })
      .send(document);
  }
}

/** Without the query, and without the host of `GET http://localhost/users`, which a proxy may send. */
const pathOf = ({ url }: FastifyRequest): string => url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/)[0] || '/';

const IN_DOUBT =
  'It may have been done or not: the database did not say. Look before you ask again, or ask with the same Idempotency-Key.';

/** What the caller is told of an error. */
export function refusalOf(error: unknown, instance: string): Refusal {
  if (error instanceof Problem) {
    const { status, message, members, headers } = error;
    return refusal({ ...typeAndTitle(error), status, detail: message, instance }, members, headers);
  }
  if (error instanceof LogUnavailable) {
    const detail = error.inDoubt ? IN_DOUBT : 'Nothing was changed. Try again in a moment.';
    return refusal({ ...typeAndTitle(error), status: 503, detail, instance }, {}, { 'Retry-After': '1' });
  }
  const { status, detail } = httpError(error);
  const type = 'about:blank';
  // A broken status leaves as 200 otherwise.
  if (status >= 400 && status < 500) {
    return refusal({ type, title: STATUS_CODES[status] ?? 'Error', status, detail, instance });
  }
  const noted = 'The server failed to answer. It was noted.';
  return refusal({ type, title: STATUS_CODES[500]!, status: 500, detail: noted, instance });
}

const refusal = (
  problem: Omit<Refusal['document'], 'error'>,
  members: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Refusal => ({
  // `error` is the member that clients of the system before this one read.
  document: { ...problem, error: problem.detail, ...members },
  headers,
});

/** What would be accepted, where Fastify only says that this was not. */
const ACCEPTED: Record<string, string> = {
  'Request body is too large': 'A body has at most 1 MiB.',
  'Unsupported Media Type': 'A body must be JSON, with Content-Type: application/json.',
};

/** What Nest or Fastify refused before a controller was reached. */
function httpError(error: unknown): { status: number; detail: string } {
  const { statusCode, message = 'The request was refused.' } = (error ?? {}) as {
    statusCode?: number;
    message?: string;
  };
  const status = error instanceof HttpException ? error.getStatus() : (statusCode ?? 500);
  return { status, detail: ACCEPTED[message] ?? message };
}

/** UserEmailTaken → urn:magasin:user-email-taken, "User email taken". */
function typeAndTitle(error: Error): { type: string; title: string } {
  const words = error.constructor.name.replaceAll(/(?!^)([A-Z])/g, ' $1').toLowerCase();
  return { type: `urn:magasin:${words.replaceAll(' ', '-')}`, title: words[0].toUpperCase() + words.slice(1) };
}
