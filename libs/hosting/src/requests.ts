import { runInTrace, type Trace } from '@magasin/event-log';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readTrace } from './trace';

/** What stands for the route of a request whose path leads nowhere: strangers must not make up labels and log fields. */
export const UNKNOWN_ROUTE = 'unknown';

/** nginx's status for it: the caller had gone before the answer was out. */
const CALLER_GONE = 499;

/** A request that is over: its answer is out, or its caller has gone. */
export interface Answered {
  method: string;
  /** The pattern, `/users/:id`. Never the path or its query: they may name people. */
  route: string;
  status: number;
  seconds: number;
  trace: Trace;
  /** A probe or a scrape, which comes every few seconds. */
  quiet: boolean;
}

/** For `@RouteConfig`: requests to this route are not worth a line in the log of every day. */
export const QUIET = { quiet: true };

/** The requests of one app, each in its trace. Whoever counts or notes them is told when one is over. */
export class Requests {
  private readonly listeners: ((answered: Answered) => void)[] = [];

  onAnswered(listener: (answered: Answered) => void): void {
    this.listeners.push(listener);
  }

  /** The first hook of a request: what follows runs in its trace. Fastify keeps it while the body is read. */
  readonly arrive = (request: FastifyRequest, reply: FastifyReply, next: () => void): void => {
    const trace = readTrace(request.headers);
    const arrived = performance.now();
    void reply.header('X-Correlation-Id', trace.correlation_id);
    // Unlike Fastify's own onResponse, it also comes when the caller goes away, and for what the router refuses.
    reply.raw.once('close', () => {
      const { method, routeOptions } = request;
      const answered: Answered = {
        method,
        route: routeOptions.url ?? UNKNOWN_ROUTE,
        status: reply.raw.writableFinished ? reply.raw.statusCode : CALLER_GONE,
        seconds: (performance.now() - arrived) / 1_000,
        trace,
        quiet: 'quiet' in routeOptions.config,
      };
      for (const listener of this.listeners) listener(answered);
    });
    runInTrace(trace, next);
  };
}
