import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, Failure, type ProblemDocument } from '../failures';

export interface Reply<T> {
  status: number;
  body: T & Partial<ProblemDocument>;
  /** Whether it was asked again, because an answer had not come: then the first request may have been done. */
  again: boolean;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

const PATIENCE_MS = 60_000;
const ANSWER_WITHIN_MS = 40_000;
const PAUSE_MS = 200;
/** Nothing was done, and asking again is right. */
const ASK_AGAIN = new Set([429, 502, 503, 504]);

/**
 * Asks until there is an answer. A request without one may have been done or not: each POST has a key of its own, so asking
 * again does it once.
 */
export class Caller {
  constructor(private readonly patienceMs = PATIENCE_MS) {}

  get = <T>(url: string): Promise<Reply<T>> => this.ask('GET', url);

  post = <T>(url: string, body: object, key: string = randomUUID()): Promise<Reply<T>> =>
    this.ask('POST', url, body, { 'idempotency-key': `"${key}"` });

  put = <T>(url: string, body: object): Promise<Reply<T>> => this.ask('PUT', url, body);

  delete = <T>(url: string): Promise<Reply<T>> => this.ask('DELETE', url);

  /** @throws Failure when there is none for a minute */
  private async ask<T>(method: Method, url: string, body?: object, more: object = {}): Promise<Reply<T>> {
    const until = Date.now() + this.patienceMs;
    for (let again = false; ; again = true) {
      let reason: string;
      try {
        const response = await fetch(url, {
          method,
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
          headers: { ...more, ...(body && { 'content-type': 'application/json' }) },
          body: body && JSON.stringify(body),
        });
        const reply = { status: response.status, body: parsed<T>(await response.text()), again };
        if (!ASK_AGAIN.has(reply.status) && !isInUse(reply)) return reply;
        reason = `it answers ${reply.status}`;
      } catch (error) {
        const { cause, message } = error as Error;
        reason = (cause as Error | undefined)?.message || message;
      }
      if (Date.now() > until) throw gone(method, url, reason);
      await delay(PAUSE_MS);
    }
  }
}

function parsed<T>(text: string): Reply<T>['body'] {
  try {
    return JSON.parse(text) as Reply<T>['body'];
  } catch {
    return {} as Reply<T>['body'];
  }
}

/** Its first request is still at work. */
const isInUse = ({ status, body }: Reply<unknown>): boolean =>
  status === 409 && body.type === 'urn:magasin:idempotency-key-in-use';

function gone(method: Method, url: string, reason: string): Failure {
  const detail = `${method} ${url} has had no answer for a minute (${reason}). What was done before is done.`;
  return new Failure(EXIT.part, { type: 'urn:magasin:cli:gone', title: 'The shop went away', detail });
}
