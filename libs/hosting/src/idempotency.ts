import { createHash } from 'node:crypto';
import type { EventLog } from '@magasin/event-log';
import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseIdempotencyKey } from './idempotency-key';
import { type Answer, IdempotencyStore } from './idempotency-store';
import { HELD_NOTES, type ProblemFilter } from './problem';

/** For a POST that only asks, as a query too long for a URL, or that guards itself against being repeated. */
export const TakesNoKey = (): MethodDecorator =>
  applyDecorators(RouteConfig({ takesNoKey: true }), ApiExtension('x-takes-no-key', true));

export interface IdempotencyOptions {
  /** Its keys are apart from those of other apps in the same database. */
  app: string;
  /** Asked for when the first key comes. */
  log: () => EventLog;
  problems: ProblemFilter;
}

/** Nest's handler of a route: it answers through the reply that it is given. */
type Run = (reply: FastifyReply) => unknown;

/** Rolls the unit back with all that the refused request did, its key too, and carries the refusal out of it. */
class Refused extends Error {
  constructor(
    readonly body: unknown,
    readonly notes: string[],
  ) {
    super('The request was refused.');
  }
}

/**
 * Lets every POST of an app honour `Idempotency-Key`, whoever writes the route: a request that comes again with its key
 * is answered as it was, and changes nothing. Call it before the routes are registered; Fastify tells of each.
 *
 * With a key the route runs inside one unit of work, which its own `log.transaction` joins, and the answer is kept with
 * what it changed. A refused request keeps nothing, no key either. Without a key nothing here runs.
 */
export function honourIdempotencyKeys(instance: FastifyInstance, { app, log, problems }: IdempotencyOptions): void {
  let store: IdempotencyStore | undefined;
  instance.addHook('onRoute', (route) => {
    const { takesNoKey } = (route.config ?? {}) as { takesNoKey?: boolean };
    if (![route.method].flat().includes('POST') || takesNoKey) return;
    const { url, handler } = route;
    route.handler = function handle(request, reply) {
      if (request.method !== 'POST' || request.headers['idempotency-key'] === undefined) {
        return handler.call(this, request, reply);
      }
      store ??= new IdempotencyStore(log());
      const run: Run = (recorder) => handler.call(this, request, recorder);
      return answerOnce(store, `${app} POST ${url}`, { request, reply, run, problems });
    };
  });
}

async function answerOnce(
  store: IdempotencyStore,
  route: string,
  {
    request,
    reply,
    run,
    problems,
  }: { request: FastifyRequest; reply: FastifyReply; run: Run; problems: ProblemFilter },
): Promise<void> {
  const before = reply.getHeaders();
  const added = () => Object.entries(reply.getHeaders()).filter(([name]) => !(name in before));
  const removeAdded = () => {
    for (const [name] of added()) void reply.removeHeader(name);
  };
  try {
    const idempotency_key = parseIdempotencyKey(request.headers['idempotency-key']!);
    const keyed = { route, idempotency_key, fingerprint: fingerprintOf(request) };
    const { answer, replayed } = await store.once(keyed, async (): Promise<Answer> => {
      // Of a run before this one, which the database has undone.
      removeAdded();
      // Of a run that the database undoes, to begin it again, nothing is to be noted.
      const notes: string[] = [];
      const body = await bodyOf(run, reply, notes);
      if (reply.statusCode >= 400) throw new Refused(body, notes);
      if (typeof body === 'object') void reply.type('application/json; charset=utf-8');
      const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
      return { status: reply.statusCode, headers: JSON.stringify(Object.fromEntries(added())), body: text };
    });
    if (replayed) {
      removeAdded();
      void reply.header('Idempotency-Replayed', 'true');
    }
    void reply
      .status(answer.status)
      .headers(JSON.parse(answer.headers) as Record<string, string>)
      .send(answer.body);
  } catch (error) {
    if (error instanceof Refused) {
      for (const note of error.notes) problems.note(note);
      void reply.status(reply.statusCode).send(error.body);
    } else {
      // What the route has said of a success that was not to be.
      removeAdded();
      problems.answer(error, request, reply);
    }
  }
  // Until it is out, which other work may hold up: Fastify takes the end of a handler for an empty answer.
  await reply;
}

const fingerprintOf = ({ url, body }: FastifyRequest): string =>
  createHash('sha256')
    .update(`${url}\n${JSON.stringify(body)}`)
    .digest('base64url');

/** What a route sends. Nothing leaves yet: status and headers are set on the reply, the body is held back. */
const bodyOf = (run: Run, reply: FastifyReply, notes: string[]): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const recorder = Object.create(reply, {
      send: { value: (body: unknown) => resolve(body) },
      [HELD_NOTES]: { value: notes },
    }) as FastifyReply;
    Promise.resolve(run(recorder)).catch(reject);
  });
